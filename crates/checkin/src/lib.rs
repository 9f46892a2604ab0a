//! checkin
