//! The pipeline with the real models on public-domain portraits, and on bytes that are no photo at all.

mod damaged;
mod portraits;
