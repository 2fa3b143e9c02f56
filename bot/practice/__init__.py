"""Practice for new staff: played citizens, the trainee's answers, and a clerk's answers beside them."""
