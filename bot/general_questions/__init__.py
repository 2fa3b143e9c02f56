"""Questions people ask about everything, answered from `content/general_questions.yml`."""
