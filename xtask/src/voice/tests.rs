use super::*;

fn ours() -> (Manifest, Vec<Clip>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = read(&root.join(MANIFEST)).unwrap();
    let clips = wanted(&manifest, &root.join(LOCALES)).unwrap();
    (manifest, clips)
}

fn sentences(clips: &[Clip], language: &str) -> Vec<String> {
    clips
        .iter()
        .filter(|clip| clip.language == language)
        .map(|clip| clip.sentence.clone())
        .collect()
}

#[test]
fn our_manifest_names_sentences_of_both_languages() {
    let (manifest, clips) = ours();
    assert!(manifest.file.iter().any(|file| file.name() == "LICENSE"));
    assert!(manifest.file.iter().all(|file| file.sha256.len() == 64));
    let (ja, en) = (sentences(&clips, "ja"), sentences(&clips, "en"));
    assert!(ja.contains(&"マイナ保険証（マイナンバーカード）を置いてください".to_owned()));
    assert!(ja.contains(&"あと2回入れられます。".to_owned()));
    assert!(ja.len() > 250 && en.len() > 250, "{} and {}", ja.len(), en.len());
    assert!(clips.iter().all(|clip| !clip.sentence.contains("{{")));
}

#[test]
fn a_language_that_nobody_speaks_yet_keeps_no_other_from_being_spoken() {
    let (manifest, clips) = ours();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for language in ["ja.json", "en.json"] {
        std::fs::copy(root.join(LOCALES).join(language), folder.path().join(language)).unwrap();
    }
    std::fs::write(folder.path().join("vi.json"), "{}").unwrap();
    assert_eq!(wanted(&manifest, folder.path()).unwrap().len(), clips.len());
}

#[test]
fn every_hint_for_the_face_is_spoken_also_as_one_of_two_movements() {
    let (manifest, clips) = ours();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for language in manifest.manner.keys() {
        let texts = phrases::texts(&root.join(LOCALES).join(format!("{language}.json"))).unwrap();
        let spoken = sentences(&clips, language);
        let hints = texts.iter().filter(|(key, _)| key.starts_with("face.hint."));
        for (_, hint) in hints {
            for of in ["face.first", "face.second"] {
                assert!(spoken.contains(&texts[of].replace("{{ what }}", hint)), "{hint}");
            }
            assert!(spoken.contains(hint), "{hint}");
        }
    }
}

#[test]
fn every_number_and_place_that_can_be_called_is_spoken() {
    let (_, clips) = ours();
    let (ja, en) = (sentences(&clips, "ja"), sentences(&clips, "en"));
    let is_said = |sentence: String| assert!(ja.contains(&sentence), "{sentence}");
    for rest in 1..=99 {
        is_said(format!("{rest}番の方"));
        assert!(en.contains(&format!("Number {rest}")) && en.contains(&rest.to_string()));
    }
    for hundreds in (100..=900).step_by(100) {
        is_said(format!("{hundreds}番の方"));
        is_said(hundreds.to_string());
    }
    for thousands in (1_000..=9_000).step_by(1_000) {
        is_said(format!("{thousands}番の方"));
        is_said(thousands.to_string());
        assert!(en.contains(&format!("Number {thousands}")));
    }
    for middle in (100..=900).step_by(100) {
        assert!(en.contains(&middle.to_string()));
    }
    for number in 1..=20 {
        is_said(format!("{number}番窓口へお越しください"));
        is_said(format!("{number}番レーンへお進みください"));
        is_said(format!("{number}番診察室へお入りください"));
    }
    is_said("受付へお越しください".into());
}

#[test]
fn every_reading_and_every_word_to_be_heard_is_in_some_sentence() {
    let (manifest, clips) = ours();
    for (language, readings) in &manifest.readings {
        for (written, _) in readings {
            let used = sentences(&clips, language).iter().any(|text| text.contains(written));
            assert!(used, "no sentence of {language} contains {written}");
        }
    }
    for word in manifest.heard.keys() {
        let used = sentences(&clips, "ja").iter().any(|text| text.contains(word));
        assert!(used, "no sentence contains {word}");
    }
}

#[test]
fn a_trace_tells_how_a_sentence_is_said() {
    let trace = "[Text analysis result]\n受付,名詞,サ変接続,*,*,*,*,受付,ウケツケ,ウケツ’ケ,0/4,C2,0\nは,助詞,係助詞,*,*,*,*,は,ハ,ワ,0/1,x,1\n\n[Output label]\n0 1 a,b,c,d,e,f,g,h,i,j\n";
    assert_eq!(speak::kana(trace), "ウケツケワ");
}

#[test]
fn a_changed_reading_makes_another_clip_and_nothing_else_does() {
    let recipe = |readings: &[(String, String)], sentence: &str| {
        let manner = &ours().0.manner["ja"];
        Clip::new("ja", sentence.into(), readings, &BTreeMap::new(), manner, "voice").recipe
    };
    let reading = [("方".to_owned(), "かた".to_owned())];
    assert_ne!(recipe(&[], "職員の方"), recipe(&reading, "職員の方"));
    assert_eq!(recipe(&[], "受付"), recipe(&reading, "受付"));
}
