//! The stand-in for the national system (`eligibility-sim`) as a server of its own: HTTP with mutual TLS, in the interface of the
//! crate `eligibility-api`. Everybody in it is invented, and no part of it is official: the national interface is not public.

mod certificates;
mod day;
mod doors;
mod remembered;
mod service;

pub use certificates::{CertificatesError, make};
pub use day::Day;
pub use doors::{Doors, DoorsError, Files};
pub use service::{Service, router};
