//! old_formats
