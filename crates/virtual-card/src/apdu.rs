//! Command APDUs in (short form only), status words out (ISO/IEC 7816-4).

/// Status word.
pub(crate) type Sw = u16;
pub(crate) const OK: Sw = 0x9000;
pub(crate) const WRONG_LENGTH: Sw = 0x6700;
pub(crate) const NO_CHANNEL: Sw = 0x6881;
pub(crate) const NO_SECURE_MESSAGING: Sw = 0x6882;
pub(crate) const NOT_A_DATA_FILE: Sw = 0x6981;
pub(crate) const NOT_VERIFIED: Sw = 0x6982;
pub(crate) const BLOCKED: Sw = 0x6984;
pub(crate) const NO_CURRENT_EF: Sw = 0x6986;
pub(crate) const NOT_FOUND: Sw = 0x6A82;
pub(crate) const WRONG_P1_P2: Sw = 0x6A86;
pub(crate) const NO_REFERENCED_DATA: Sw = 0x6A88;
pub(crate) const WRONG_OFFSET: Sw = 0x6B00;
pub(crate) const WRONG_INS: Sw = 0x6D00;
pub(crate) const WRONG_CLA: Sw = 0x6E00;
pub(crate) const FAILED: Sw = 0x6F00;

/// `63Cx`: x tries are left.
pub(crate) fn tries(left: u8) -> Sw {
    0x63C0 | u16::from(left & 0x0F)
}

/// A short command of case 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    pub(crate) cla: u8,
    pub(crate) ins: u8,
    pub(crate) p1: u8,
    pub(crate) p2: u8,
    /// Empty in cases 1 and 2.
    pub(crate) data: &'a [u8],
    /// Bytes wanted, 1 to 256; `None` in cases 1 and 3.
    pub(crate) le: Option<usize>,
}

impl<'a> Command<'a> {
    /// Splits a command; every other length than a short case 1 to 4 has is `6700`, extended ones included.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Sw> {
        let [cla, ins, p1, p2, body @ ..] = bytes else {
            return Err(WRONG_LENGTH);
        };
        let (data, le) = match body {
            [] => (&body[..0], None),
            [le] => (&body[..0], Some(*le)),
            // Lc = 0 would open an extended length.
            [0, ..] => return Err(WRONG_LENGTH),
            [lc, rest @ ..] => match rest.split_at_checked(usize::from(*lc)) {
                Some((data, [])) => (data, None),
                Some((data, [le])) => (data, Some(*le)),
                _ => return Err(WRONG_LENGTH),
            },
        };
        let le = le.map(|le| if le == 0 { 256 } else { usize::from(le) });
        Ok(Self { cla: *cla, ins: *ins, p1: *p1, p2: *p2, data, le })
    }
}

/// What a command brings: data (empty unless all went well) and a status word.
pub(crate) struct Answer(Vec<u8>, Sw);

impl Answer {
    pub(crate) fn data(data: impl Into<Vec<u8>>) -> Self {
        Self(data.into(), OK)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        let mut out = self.0;
        out.extend(self.1.to_be_bytes());
        out
    }
}

impl From<Sw> for Answer {
    fn from(status: Sw) -> Self {
        Self(Vec::new(), status)
    }
}

impl From<Result<Answer, Sw>> for Answer {
    fn from(result: Result<Answer, Sw>) -> Self {
        result.unwrap_or_else(Answer::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_short_cases_and_nothing_else() {
        let parse = |bytes: &[u8]| Command::parse(bytes).map(|c| (c.data.to_vec(), c.le));
        assert_eq!(parse(&[0, 0x20, 0, 0x80]), Ok((vec![], None)));
        assert_eq!(parse(&[0, 0xB0, 0, 0, 0]), Ok((vec![], Some(256))));
        assert_eq!(parse(&[0, 0xA4, 2, 12, 2, 0, 10]), Ok((vec![0, 10], None)));
        assert_eq!(parse(&[0, 0xA4, 2, 0, 2, 0, 10, 9]), Ok((vec![0, 10], Some(9))));
        for wrong in [
            &[0, 0xB0, 0][..],
            &[0, 0xB0, 0, 0, 0, 1, 0],
            &[0, 0xB0, 0, 0, 0, 0],
            &[0, 0xA4, 2, 12, 3, 0, 10],
            &[0, 0xA4, 2, 12, 1, 0, 10, 9],
        ] {
            assert_eq!(parse(wrong), Err(WRONG_LENGTH), "{wrong:02X?}");
        }
    }
}
