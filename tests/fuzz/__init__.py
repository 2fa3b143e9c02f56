"""Fuzzing: every place where bytes, JSON or text of somebody else is parsed, and the property that holds it.

The tests here make examples at random (hypothesis): any text, any JSON, and valid examples damaged in `strategies.py`:
keys left out, doubled or swapped, other types, cut texts, huge numbers, deep lists, lone surrogates, NUL, right-to-left
marks. They hold that only the documented error comes (over HTTP a plain 4xx, never a 500), that what comes out is
bounded, that no error quotes what was sent, and that a function that promises it gives the same the second time.

`pytest tests/fuzz` takes less than half a minute; `MOTCUA_FUZZ_EXAMPLES=2000 pytest tests/fuzz` looks longer.
The calls of the API as a whole are fuzzed out of their own description: `tests/api/test_openapi.py` (schemathesis).

A new parser gets its row; `test_table.py` looks for what turns outside data into values and has none.

| parser | test |
|---|---|
| bot.http_json:decode, bot.http_json:read_body, bot.api.understand:Text | fuzz/test_http_bodies.py |
| bot.channels.rest:webhook, bot.channels.web.calls:WebMessage | fuzz/test_http_bodies.py |
| bot.channels.web.events:place, bot.reports.period:month | fuzz/test_http_bodies.py |
| bot.desk.access:form_of | fuzz/test_http_bodies.py |
| bot.api.bodies:json_object, bot.api.pickups:report, bot.api.dossiers:put | api/test_openapi.py |
| bot.conversation.inbox:accept, bot.conversation.inbox:accept_many | fuzz/test_door.py |
| bot.conversation.meanings:said, bot.conversation.guard:screen | fuzz/test_door.py |
| bot.channels.telegram.updates:parse, bot.channels.telegram.reading:read | fuzz/test_telegram.py |
| bot.channels.telegram.webhook:routes, bot.channels.telegram.client:Client.updates | fuzz/test_telegram.py |
| bot.channels.telegram.polling:Poller | fuzz/test_telegram.py |
| bot.channels.telegram.client:meaning | fuzz/test_platform_answers.py |
| bot.channels.zalo.webhook:Webhook.take, bot.channels.zalo.events:read | fuzz/test_zalo.py |
| bot.channels.zalo.contents:submitted, bot.channels.zalo.signature:matching | fuzz/test_zalo.py |
| bot.channels.zalo.answers:read, bot.channels.zalo.answers:id_of | fuzz/test_platform_answers.py |
| bot.channels.zalo.oauth:OAuth.exchange, bot.channels.zalo.templates:fitted | fuzz/test_platform_answers.py |
| bot.channels.zalo.login:LoginPages.callback | fuzz/test_login.py |
| bot.channels.zalo.accounts:Accounts.learn | fuzz/test_login.py |
| bot.pickups.post.http_system:HttpSystem, bot.speech:service | fuzz/test_service_answers.py |
| bot.outgoing:call | fuzz/test_service_answers.py |
| bot.channels.media:Downloader | channels/test_media.py |
| bot.dossiers.slip_photo:read | dossiers/test_slip_photo.py |
| bot.importing_rows:read_rows, bot.importing_rows:parse, bot.importing_excel:Sheet | fuzz/test_imports.py |
| bot.dossiers.intake.checking:check_chunk, bot.procedures.importer:ProcedureImporter.check | fuzz/test_imports.py |
| bot.pickups.importer:SlotImporter.check, bot.pickups.importer:TariffImporter.check | fuzz/test_imports.py |
| bot.places.offices:OfficeImporter.check | fuzz/test_imports.py |
| bot.dossiers.intake.plain:read, bot.dossiers.intake.storing:check | fuzz/test_records.py |
| bot.dossiers.intake.events:check_events, bot.dossiers.intake.reviews:keep | fuzz/test_records.py |
| bot.dossiers.intake.records:moment, bot.dossiers.codes:normalise, bot.clock:parse | fuzz/test_records.py |
| bot.pickups.post.reports:check, bot.pickups.post.tracking:normalise | fuzz/test_records.py |
| bot.pickups.post.marks:read | fuzz/test_records.py |
| bot.channels.web.sessions:Sessions.read, bot.staff.sessions:read | fuzz/test_codes_and_cookies.py |
| bot.api.tokens:holder_of, bot.linking.codes:find, bot.linking.codes:use | fuzz/test_codes_and_cookies.py |
| bot.accounts.runs_codes:find, bot.pickups.numbers:find | fuzz/test_codes_and_cookies.py |
| bot.moments.days:find_days, bot.moments.half_days:find_half_days | fuzz/test_readers.py |
| bot.nlu.ordinals:find_ordinals, bot.nlu.phones:find_numbers, bot.places.gazetteer:find | fuzz/test_readers.py |
| bot.places.location:shared | fuzz/test_readers.py |
| bot.dossiers.proof.spoken:with_digits, bot.dossiers.slip_photo:shared | fuzz/test_readers.py |
| bot.pickups.form.reading:day_answer, bot.pickups.form.reading_places:address | fuzz/test_readers.py |
| bot.pickups.form.reading_people:name, bot.pickups.form.choices:payment | fuzz/test_readers.py |
| bot.pickups.form.corrections:correction, bot.pickups.form.services:service | fuzz/test_readers.py |
| bot.pickups.form.talk:proposal, bot.pickups.form.kin:of_kin, bot.links:found | fuzz/test_readers.py |
| bot.accounts.problem_reading:read, bot.accounts.readiness_reading:years | fuzz/test_readers.py |
| bot.hardships.reading:read, bot.conversation.guard.seen:see, bot.procedures.ages:said | fuzz/test_readers.py |
| bot.text:clean | test_text.py |
| bot.visible:visible | test_visible.py |
| bot.normalise:syllables | test_normalise.py |
| bot.conversation.engine:Engine.understand | nlu/test_bad_input.py |
| bot.content_files:read_yaml, bot.dated_facts:read_day | fuzz/test_content.py |
| bot.accounts.guides.reading:load, bot.general_questions.questions:questions | fuzz/test_content.py |
| bot.legal_events:events, bot.practice.scenarios:scenarios | fuzz/test_content.py |
| bot.procedures.described:record, bot.procedures.described:read_clauses | fuzz/test_content.py |
| bot.channels.zalo.templates:templates | fuzz/test_content.py |
| bot.settings:Settings, bot.channels.zalo.config:from_settings | fuzz/test_settings.py |
| bot.channels.zalo.oauth:check_token | fuzz/test_settings.py |
"""
