//! eligibility-sim
