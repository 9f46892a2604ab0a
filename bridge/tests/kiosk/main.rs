//! A kiosk page of these tests' own, over a real socket, against a whole bridge in practice mode.

#![expect(clippy::unwrap_used, reason = "a test may fail on the spot")]

/// As the program: what is freed is wiped, so that its memory can be searched.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

mod accounts;
mod actors;
mod alarms;
mod beside;
mod board;
mod bulk;
mod by_numbers;
#[cfg(target_os = "linux")]
mod by_numbers_memory;
mod clock;
#[cfg(unix)]
mod commands;
#[cfg(target_os = "linux")]
mod database;
mod doors;
mod double;
#[cfg(target_os = "linux")]
mod ending;
mod entrance;
mod eye;
mod faults;
mod gateway;
mod help;
mod identify;
mod institution;
#[cfg(unix)]
mod killed;
mod kiosks;
mod lane;
mod limits;
mod live;
mod marks;
#[cfg(target_os = "linux")]
mod memory;
mod network;
mod other_cards;
#[cfg(target_os = "linux")]
mod others;
mod own_card;
mod page;
mod patients;
mod pcscd;
mod privacy;
mod reception;
mod resilience;
mod retention;
mod roles;
mod running;
mod scripts;
mod self_test;
mod service;
mod settings;
mod settings_site;
mod site;
mod terminal;
mod tray;
mod visit;
mod ways;
