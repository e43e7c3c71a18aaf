"""From words to stored shots: scenes, slates, shot lists and notes."""
