"""One reading of a picture's words for chat, scene and note: camera, setting, people."""
