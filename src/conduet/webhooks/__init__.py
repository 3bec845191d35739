"""Events of a project told to addresses outside: signed, durable, and to be looked at afterwards."""
