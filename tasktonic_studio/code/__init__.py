"""What somebody who writes source wants to know of it: completions, meanings, places, problems. Plain Python, no Qt.

Asked in the code process only (`tasktonic_studio.code_process`): all of it may take long or fail on source of ill will.
Nothing of a user is imported or run.
"""
