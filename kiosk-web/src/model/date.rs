//! Dates of the wire (RFC 3339, +09:00) in parts that a sentence can use.

/// First Gregorian year of 令和.
const REIWA_BEFORE: u16 = 2018;

/// A moment as a Japanese clock shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Gregorian year.
    pub(crate) year: u16,
    /// 1 to 12.
    pub(crate) month: u8,
    /// 1 to 31.
    pub(crate) day: u8,
    /// 0 to 23.
    pub(crate) hour: u8,
    /// 0 to 59.
    pub(crate) minute: u8,
}

impl Moment {
    /// Reads `2027-02-17T23:59:59+09:00`. The bridge always sends Japanese time, so the offset is not applied.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let mut date = date.split('-');
        let mut time = time.get(..8)?.split(':');
        let moment = Self {
            year: date.next()?.parse().ok()?,
            month: date.next()?.parse().ok()?,
            day: date.next()?.parse().ok()?,
            hour: time.next()?.parse().ok()?,
            minute: time.next()?.parse().ok()?,
        };
        let plausible = (1..=12).contains(&moment.month)
            && (1..=31).contains(&moment.day)
            && moment.hour < 24
            && moment.minute < 60;
        plausible.then_some(moment)
    }

    /// Year of 令和; certificates and consents never lie before it.
    pub(crate) fn reiwa_year(self) -> u16 {
        self.year.saturating_sub(REIWA_BEFORE).max(1)
    }

    /// Minute with two digits.
    pub(crate) fn minute_text(self) -> String {
        format!("{:02}", self.minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_bridge_sends() {
        let moment = Moment::parse("2027-02-17T23:09:59+09:00").unwrap();
        assert_eq!(moment, Moment { year: 2027, month: 2, day: 17, hour: 23, minute: 9 });
        assert_eq!((moment.reiwa_year(), moment.minute_text().as_str()), (9, "09"));
    }

    #[test]
    fn nonsense_is_none() {
        for text in [
            "",
            "2027-02-17",
            "2027-13-17T00:00:00+09:00",
            "2027-02-17T2:0",
            "x-y-zT00:00:00",
            "2027-02-17T24:00:00+09:00",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
