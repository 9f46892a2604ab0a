//! Numbers of a claim about a face.

/// The bridge's random number for the movements of the head: the last 8 digits of the nonce.
pub(crate) fn random_of(nonce: &str) -> u32 {
    let digits = nonce.get(nonce.len().saturating_sub(8)..).unwrap_or_default();
    u32::from_str_radix(digits, 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::random_of;

    #[test]
    fn the_movements_are_chosen_by_the_end_of_the_nonce() {
        assert_eq!(random_of("00c0ffee00000001"), 1);
        assert_eq!(random_of("00000000fffffffe"), u32::MAX - 1);
        assert_eq!(random_of(""), 0);
    }
}
