//! Everything that goes wrong between two programs that share a folder.

use super::*;
use bridge::gateway::Gateway;
use checkin::secret::Serial;

#[tokio::test]
async fn the_answer_is_taken_and_nothing_of_ours_stays() {
    let stand = Stand::new(PATIENCE);
    let asked = stand.ask("valid");
    let (name, request) = stand.taken().await;
    let text = String::from_utf8(request.clone()).unwrap();
    assert!(name.starts_with("OQSsiquc01res_UK") && text.contains("<InsurerNumber>01130012<"));
    // The next file is somebody else's, however new it is.
    stand.put("OQSsiquc01res_202611290001.xml", &answer_to(&request));
    stand.put(&name, &answer_to(&request));
    let found = valid(asked.await.unwrap());
    assert_eq!(found.qualifications[0].number, numbers("valid").number);
    until(|| files(&stand.res()) == ["OQSsiquc01res_202611290001.xml"]).await;
    until(|| stand.gateway.is_well()).await;
}

#[tokio::test]
async fn half_an_answer_is_waited_for() {
    let stand = Stand::new(PATIENCE);
    let asked = stand.ask("valid");
    let (name, request) = stand.taken().await;
    let whole = answer_to(&request);
    stand.put(&name, &whole[..whole.len() / 2]);
    // Another question is asked and answered meanwhile, so the half one was looked at more than once.
    let other = stand.ask("valid-elderly");
    let (other_name, other_request) = stand.taken().await;
    stand.put(&other_name, &answer_to(&other_request));
    valid(other.await.unwrap());
    assert!(!asked.is_finished());
    stand.put(&name, &whole);
    valid(asked.await.unwrap());
}

#[tokio::test]
async fn an_answer_that_comes_twice_counts_once_and_is_removed() {
    let stand = Stand::new(PATIENCE);
    let asked = stand.ask("valid");
    let (name, request) = stand.taken().await;
    let answer = answer_to(&request);
    stand.put(&name, &answer);
    valid(asked.await.unwrap());
    until(|| files(&stand.res()).is_empty()).await;
    stand.put(&name, &answer);
    // The same question anew has a request of its own, and an answer of its own.
    let again = stand.ask("valid");
    let (second, request) = stand.taken().await;
    assert_ne!(second, name);
    until(|| files(&stand.res()).is_empty()).await;
    assert!(!again.is_finished());
    stand.put(&second, &answer_to(&request));
    valid(again.await.unwrap());
}

#[tokio::test]
async fn an_answer_about_somebody_else_is_kept_out() {
    let stand = Stand::new(PATIENCE);
    let asked = stand.ask("valid");
    let other = stand.ask("valid-elderly");
    until(|| files(&stand.req()).iter().filter(|name| is_whole(name)).count() == 2).await;
    let requests: Vec<_> = files(&stand.req())
        .iter()
        .map(|name| (name.clone(), std::fs::read(stand.req().join(name)).unwrap()))
        .collect();
    // Each under the name of the other.
    stand.put(&requests[0].0.replace("req_", "res_"), &answer_to(&requests[1].1));
    stand.put(&requests[1].0.replace("req_", "res_"), &answer_to(&requests[0].1));
    assert_eq!(asked.await.unwrap(), failed(GatewayTrouble::AboutAnother));
    assert_eq!(other.await.unwrap(), failed(GatewayTrouble::AboutAnother));
    until(|| files(&stand.res()).is_empty()).await;
}

#[tokio::test]
async fn a_share_that_comes_back_in_time_costs_nothing() {
    let stand = Stand::new(PATIENCE);
    let away = stand.folder.path().join("away");
    let [req, res] = [stand.req(), stand.res()];
    for folder in [&req, &res] {
        std::fs::create_dir_all(&away).unwrap();
        std::fs::rename(folder, away.join(folder.file_name().unwrap())).unwrap();
    }
    let asked = stand.ask("valid");
    until(|| !stand.gateway.is_well()).await;
    assert!(!asked.is_finished());
    std::fs::rename(away.join("req"), &req).unwrap();
    let (name, request) = stand.taken().await;
    assert!(!stand.gateway.is_well(), "answers cannot come yet");
    std::fs::rename(away.join("res"), &res).unwrap();
    stand.put(&name, &answer_to(&request));
    valid(asked.await.unwrap());
    until(|| stand.gateway.is_well()).await;
}

#[tokio::test]
async fn a_share_that_stays_away_is_down() {
    let stand = Stand::new(Duration::from_millis(500));
    for folder in [stand.req(), stand.res()] {
        std::fs::remove_dir(folder).unwrap();
    }
    assert_eq!(stand.ask("valid").await.unwrap(), failed(GatewayTrouble::Down));
    until(|| !stand.gateway.is_well()).await;
    assert_eq!(files(stand.folder.path()), Vec::<String>::new(), "folders of a share are not made");
}

#[tokio::test]
async fn an_error_of_the_terminal_is_told_at_once() {
    let stand = Stand::new(PATIENCE);
    let asked = stand.ask("down-query");
    let (name, request) = stand.taken().await;
    stand.put(&name, &answer_to(&request));
    assert_eq!(asked.await.unwrap(), failed(GatewayTrouble::Refused));
    until(|| files(&stand.res()).is_empty()).await;
}

#[tokio::test]
async fn what_nobody_can_read_may_be_replaced_until_the_time_is_over() {
    let stand = Stand::new(PATIENCE);
    let asked = stand.ask("valid");
    let (name, request) = stand.taken().await;
    stand.put(&name, b"<html>no file of the interface</html>");
    let other = stand.ask("valid-elderly");
    let (other_name, other_request) = stand.taken().await;
    stand.put(&other_name, &answer_to(&other_request));
    valid(other.await.unwrap());
    stand.put(&name, &answer_to(&request));
    valid(asked.await.unwrap());

    let stand = Stand::new(Duration::from_secs(2));
    let asked = stand.ask("valid");
    let (name, _) = stand.taken().await;
    stand.put(&name, b"<html>no file of the interface</html>");
    assert_eq!(asked.await.unwrap(), failed(GatewayTrouble::Refused));
    assert_eq!(files(&stand.res()), [name], "somebody may want to look at it");
}

#[tokio::test]
async fn a_request_that_nobody_takes_serves_the_next_try_too() {
    let stand = Stand::new(Duration::from_secs(1));
    assert_eq!(stand.ask("valid").await.unwrap(), failed(GatewayTrouble::Late));
    // The terminal's program does not run; it is said a moment after the answer.
    until(|| !stand.gateway.is_well()).await;
    let lying = files(&stand.req());
    assert_eq!(lying.len(), 1);
    let again = stand.ask("valid");
    assert_eq!(again.await.unwrap(), failed(GatewayTrouble::Late));
    assert_eq!(files(&stand.req()), lying);
    let again = stand.ask("valid");
    let (name, request) = stand.taken().await;
    stand.put(&name, &answer_to(&request));
    valid(again.await.unwrap());
    until(|| stand.gateway.is_well()).await;
}

#[tokio::test]
async fn an_answer_that_comes_too_late_waits_for_the_next_try() {
    let stand = Stand::new(Duration::from_secs(1));
    let asked = stand.ask("valid");
    let (name, request) = stand.taken().await;
    assert_eq!(asked.await.unwrap(), failed(GatewayTrouble::Late));
    assert!(stand.gateway.is_well(), "it takes requests");
    stand.put(&name, &answer_to(&request));
    // Somebody else's question does not get it.
    assert_eq!(stand.ask("valid-elderly").await.unwrap(), failed(GatewayTrouble::Late));
    assert_eq!(files(&stand.res()), std::slice::from_ref(&name));
    std::fs::remove_file(stand.req().join(&files(&stand.req())[0])).unwrap();
    valid(stand.ask("valid").await.unwrap());
    until(|| files(&stand.res()).is_empty()).await;
    assert_eq!(files(&stand.req()), Vec::<String>::new(), "it was not asked again");
}

#[tokio::test]
async fn what_is_asked_about_a_card_never_reaches_the_folders() {
    let stand = Stand::new(PATIENCE);
    let serial = Serial::new(vec![1]);
    let questions = [
        Question::LookUp { serial: serial.clone() },
        Question::Query { serial: serial.clone(), consents: Vec::new() },
        Question::Withdraw { serial, topic: checkin::consent::Topic::Operation },
    ];
    let gateway = Gateway::new(Arc::clone(&stand.gateway) as _);
    for question in questions {
        let down = question.failed(GatewayTrouble::Down);
        assert_eq!(gateway.ask(question).await.0, down);
    }
    assert_eq!((files(&stand.req()), files(&stand.res())), (vec![], vec![]));
}

#[tokio::test]
async fn files_of_ours_that_nobody_waits_for_are_removed_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let old = "UK202001010000000123456789abcdef.xml";
    for (name, file) in [
        ("req", format!("OQSsiquc01req_{old}")),
        ("req", format!("OQSsiquc01req_{old}.part")),
        ("req", "OQSsiquc01req_202001010001.xml".to_owned()),
        ("res", format!("OQSsiquc01res_{old}")),
        ("res", "OQSsiquc01res_202001010001.xml".to_owned()),
        ("req", format!("OQSsiimm01req_{old}")),
        ("res", format!("OQSsiimm01res_{old}")),
        // A bulk question goes on where it was.
        ("res", format!("OQSmuquc01res_{old}")),
    ] {
        std::fs::create_dir_all(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join(file), "").unwrap();
    }
    let stand = {
        let gateway = Arc::new(Folder::start(Stand::terminal(folder.path(), PATIENCE)));
        Stand { folder, gateway }
    };
    let asked = stand.ask("valid");
    let lying = |folder: &Path| {
        let others = |name: &String| !name.contains("UK20") || name.contains(old);
        files(folder).into_iter().filter(others).collect::<Vec<_>>()
    };
    until(|| {
        lying(&stand.req()) == ["OQSsiquc01req_202001010001.xml"]
            && lying(&stand.res())
                == [format!("OQSmuquc01res_{old}"), "OQSsiquc01res_202001010001.xml".to_owned()]
    })
    .await;
    assert!(!asked.is_finished());
}
