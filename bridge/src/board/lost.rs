//! What the file for the receipt computer could not hold.

/// Label and characters of each text.
pub(super) fn lost(lost: Vec<oqs::Lost>) -> Vec<(String, String)> {
    let line = |lost: oqs::Lost| {
        let label = match lost.element.as_str() {
            "Name" => "氏名",
            "NameKana" => "氏名カナ",
            "InsurerName" => "保険者名",
            "Address" => "住所",
            other => other,
        };
        (label.to_owned(), lost.characters.into_iter().collect())
    };
    lost.into_iter().map(line).collect()
}
