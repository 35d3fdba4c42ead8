def register_event_sources():
    pass
