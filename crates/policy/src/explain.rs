//! Says why a thing would or would not cross, without any such thing: `renkei policy explain`.
