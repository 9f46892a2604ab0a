//! Japanese era years, as far as 照合番号B needs them.

use checkin::era::Era;
use jiff::civil::Date;

/// `YYMMDD` with the era year, e.g. 1980-02-17 (昭和55) → `550217`.
/// `None` before 明治 and after 2099.
pub(crate) fn birth_digits(birth: Date) -> Option<String> {
    let (_, year) = Era::of(birth)?;
    (birth.year() <= 2099).then(|| format!("{year:02}{:02}{:02}", birth.month(), birth.day()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn first_and_last_days_of_eras() {
        let digits = |y, m, d| birth_digits(date(y, m, d)).unwrap();
        assert_eq!(digits(1980, 2, 17), "550217");
        assert_eq!(digits(1989, 1, 7), "640107");
        assert_eq!(digits(1989, 1, 8), "010108");
        assert_eq!(digits(2019, 4, 30), "310430");
        assert_eq!(digits(2019, 5, 1), "010501");
        assert_eq!(digits(1926, 12, 24), "151224");
        assert_eq!(birth_digits(date(1868, 1, 24)), None);
    }
}
