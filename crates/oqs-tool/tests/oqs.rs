//! The program, as it is called.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::process::Command;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../oqs/tests/data/terminal-sample.xml");

/// Exit code, output and errors.
fn oqs(arguments: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_oqs")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_file_is_checked() {
    let (code, out, _) = oqs(&["check", SAMPLE]);
    assert_eq!((code, out.ends_with("ok (OQSsiquc01res, UTF-8)\n")), (0, true), "{out}");
    let folder = tempfile::tempdir().unwrap();
    let sample = std::fs::read_to_string(SAMPLE).unwrap();
    let poor = folder.path().join("OQSsiquc01res_face_x.xml");
    std::fs::write(&poor, sample.replace("NameKana>ｼﾝﾘｮｳ ﾀﾛｳ<", "NameKana><")).unwrap();
    let (code, out, _) = oqs(&["check", path(&poor), SAMPLE]);
    assert_eq!(code, 1);
    assert!(out.contains("ResultOfQualificationConfirmation/NameKana: missing"), "{out}");
    let half = folder.path().join("half.xml");
    std::fs::write(&half, &sample[..sample.len() / 2]).unwrap();
    let (code, _, errors) = oqs(&["check", path(&half)]);
    assert_eq!(code, 2);
    assert!(errors.contains("the file ends early"), "{errors}");
    assert_eq!(oqs(&["check", "nowhere.xml"]).0, 2);
}

#[test]
fn a_file_is_shown_without_the_person() {
    let (code, out, _) = oqs(&["show", SAMPLE]);
    assert_eq!(code, 0);
    assert!(out.contains("資格有効性 QualificationValidity: 1 (有効)"), "{out}");
    assert!(out.contains("薬剤情報の同意 PharmacistsInfoConsFlg: 1 (同意する)"), "{out}");
    for personal in ["太郎", "ｼﾝﾘｮｳ", "20010327", "4260", "123-4567", "東京都", "123456"]
    {
        assert!(!out.contains(personal), "{personal} in {out}");
        assert!(!oqs(&["show", "--json", SAMPLE]).1.contains(personal), "{personal}");
    }
    let (_, out, _) = oqs(&["show", "--json", "--personal", SAMPLE]);
    assert!(out.contains("\"Name\": \"診療　太郎\""), "{out}");
}

#[test]
fn a_file_is_converted_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (there, back) = (folder.path().join("932.xml"), folder.path().join("utf8.xml"));
    assert_eq!(oqs(&["convert", SAMPLE, "--to", "shift-jis", path(&there)]).0, 0);
    assert!(String::from_utf8(std::fs::read(&there).unwrap()).is_err(), "code page 932");
    assert_eq!(oqs(&["convert", path(&there), "--to", "utf8", path(&back)]).0, 0);
    let (written, sample) =
        (std::fs::read_to_string(&back).unwrap(), std::fs::read_to_string(SAMPLE));
    assert_eq!(written.trim_end(), sample.unwrap().trim_end());
    assert_eq!(oqs(&["convert", SAMPLE, "--to", "utf8", path(&back)]).0, 2);
}

#[test]
fn a_request_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("OQSsiquc01req_202611230001.xml");
    let request = |insurer: &str, file: &Path| {
        oqs(&[
            "new-request",
            "--institution",
            "1312345678",
            "--insurer",
            insurer,
            "--symbol",
            "練01",
            "--number",
            "4260",
            "--branch",
            "1",
            "--birth",
            "19540302",
            path(file),
        ])
    };
    assert_eq!(request("138016", &file).0, 0);
    let (code, out, _) = oqs(&["check", path(&file)]);
    assert_eq!((code, out.ends_with("ok (OQSsiquc01req, Shift_JIS)\n")), (0, true), "{out}");
    let (code, _, errors) = request("13801", &folder.path().join("OQSsiquc01req_2.xml"));
    assert_eq!((code, errors.trim_end()), (2, "--insurer has 6 or 8 digits"));
    assert_eq!(request("138016", &folder.path().join("other.xml")).0, 2);
}
