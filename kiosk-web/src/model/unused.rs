//! Since when nobody has used a page.

/// When it was used last, and whether the bridge has heard of that.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Use {
    /// Milliseconds of a clock that goes on while the computer sleeps.
    last_ms: f64,
    untold: bool,
}

impl Use {
    /// Somebody touched it.
    pub(crate) fn touch(&mut self, now_ms: f64) {
        self.last_ms = now_ms;
        self.untold = true;
    }

    /// Whether there is something to tell; it counts as told from now on.
    pub(crate) fn tell(&mut self) -> bool {
        std::mem::take(&mut self.untold)
    }

    /// It did not arrive.
    pub(crate) fn tell_again(&mut self) {
        self.untold = true;
    }

    /// Whether nobody has touched it for so long.
    pub(crate) fn is_over(&self, lock_s: u32, now_ms: f64) -> bool {
        now_ms - self.last_ms >= f64::from(lock_s) * 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_unused_when_nobody_has_touched_it_for_so_long() {
        let mut used = Use::default();
        used.touch(1_000.0);
        assert!(!used.is_over(600, 600_999.0) && used.is_over(600, 601_000.0));
        used.touch(500_000.0);
        assert!(!used.is_over(600, 601_000.0));
    }

    #[test]
    fn each_use_is_told_until_it_arrives() {
        let mut used = Use::default();
        assert!(!used.tell());
        used.touch(0.0);
        assert!(used.tell() && !used.tell());
        used.tell_again();
        assert!(used.tell());
    }
}
