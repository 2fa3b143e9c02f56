-- The little that the stock assistant knows; the dossiers are two of our demo ones (invented people).
CREATE TABLE procedures (code TEXT, aspect TEXT, name TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (code, aspect));
CREATE TABLE dossiers (code TEXT PRIMARY KEY, procedure_name TEXT NOT NULL, phone TEXT NOT NULL, status TEXT NOT NULL);

INSERT INTO procedures VALUES
  ('1.001193', 'documents', 'Đăng ký khai sinh', 'Tờ khai đăng ký khai sinh, Giấy chứng sinh.'),
  ('1.001193', 'fee', 'Đăng ký khai sinh', 'Lệ phí do HĐND tỉnh quyết định, anh/chị hỏi quầy trước khi nộp.'),
  ('1.001193', 'duration', 'Đăng ký khai sinh', 'Làm xong trong ngày.'),
  ('1.001193', 'place', 'Đăng ký khai sinh', 'Nộp ở Trung tâm Phục vụ hành chính công xã, phường.'),
  ('1.000894', 'documents', 'Đăng ký kết hôn', 'Tờ khai đăng ký kết hôn, hai bên khai chung một tờ được.'),
  ('1.000894', 'duration', 'Đăng ký kết hôn', 'Làm xong trong ngày.');

INSERT INTO dossiers VALUES
  ('H36.12-261118-0042', 'Đăng ký thường trú', '0900002345', 'đã được tiếp nhận'),
  ('H36.12-261118-0033', 'Đăng ký thành lập hộ kinh doanh', '0900004567', 'đang xử lý');
