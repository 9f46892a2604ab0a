//! Birth dates as the card front shows them.

use jiff::civil::Date;

const ERAS: [(&str, Date); 5] = [
    ("令和", Date::constant(2019, 5, 1)),
    ("平成", Date::constant(1989, 1, 8)),
    ("昭和", Date::constant(1926, 12, 25)),
    ("大正", Date::constant(1912, 7, 30)),
    ("明治", Date::constant(1868, 1, 25)),
];

/// `昭和55年2月17日`; the first year of an era is `元`.
pub(crate) fn printed(date: Date) -> String {
    let era = ERAS.iter().find(|(_, first)| date >= *first);
    let Some((name, first)) = era else { return date.to_string() };
    let year = match date.year() - first.year() + 1 {
        1 => "元".to_owned(),
        year => year.to_string(),
    };
    format!("{name}{year}年{}月{}日", date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_change_on_their_day() {
        assert_eq!(printed(Date::constant(1980, 2, 17)), "昭和55年2月17日");
        assert_eq!(printed(Date::constant(1989, 1, 7)), "昭和64年1月7日");
        assert_eq!(printed(Date::constant(1989, 1, 8)), "平成元年1月8日");
    }
}
