//! By which number the clinic knows the person: 照会番号 (`ReferenceNumber`).

use crate::message::Message;
use crate::values::ReferenceNumber;

impl Message {
    /// Says by which number the clinic knows the person, in every result that does not say it yet. One that the interface does not
    /// take is left out.
    pub fn name_patient(&mut self, chart: &str) {
        let results = self.body.iter_mut().flat_map(|body| &mut body.results);
        for result in results.flat_map(|list| &mut list.results) {
            let known = result.reference_number.take();
            result.reference_number = known.or_else(|| ReferenceNumber::new(chart));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::message::{Body, Message, ResultList, ResultOfQualification};
    use crate::values::ReferenceNumber;

    #[test]
    fn a_number_is_put_where_none_stands() {
        let known = ResultOfQualification {
            reference_number: ReferenceNumber::new("7"),
            ..ResultOfQualification::default()
        };
        let results = vec![ResultOfQualification::default(), known];
        let list = Some(ResultList { results, ..ResultList::default() });
        let body = Some(Body { results: list, ..Body::default() });
        let mut file = Message { body, ..Message::default() };
        file.name_patient("000123");
        let results = file.body.unwrap().results.unwrap().results;
        let numbers = results.iter().map(|result| result.reference_number.as_deref());
        assert_eq!(numbers.collect::<Vec<_>>(), [Some("000123"), Some("7")]);
        Message::default().name_patient("000123");
    }
}
