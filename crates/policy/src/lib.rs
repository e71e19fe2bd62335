//! What may cross the border, to whom, in which tier, and why not.
