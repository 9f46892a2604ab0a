//! Being written.
/// placeholder
pub struct Visit;
/// placeholder
pub struct Config;
