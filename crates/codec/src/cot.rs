//! Cursor on Target: events to observations and back.
