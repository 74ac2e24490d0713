who@host.1234
