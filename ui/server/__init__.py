"""The web server around the page: login, pictures, actions, headers. Holds no logic of the studio."""
