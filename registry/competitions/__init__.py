"""Headers of the calls of awards and contests: what operates, beside the page that tells of it.

On-site entry, juries and scoring find their room here later: they hang on `Call`.
"""
