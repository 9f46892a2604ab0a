//! The terminal is told by which number the clinic knows a person.

use super::many::Served;
use super::visits::{patients, type_numbers};
use super::*;
use crate::page::page;
use crate::patients::{TARO, audited_in, import_into};
use crate::site::{only_result, site_in};
use bridge::gateway::{Gateway, Registered};
use protocol::screen::Screen;

/// Folders of a terminal that is to be told.
fn stand(wait: Duration) -> Stand {
    let folder = tempfile::tempdir().unwrap();
    for name in ["req", "res"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let terminal = Stand::terminal(folder.path(), wait);
    let gateway = Folder::start(Terminal { register_charts: true, ..terminal });
    Stand { folder, gateway: Arc::new(gateway) }
}

impl Stand {
    fn tell(&self, chart: &str, id: &str) -> JoinHandle<Registered> {
        let (gateway, chart, numbers) = (Arc::clone(&self.gateway), chart.to_owned(), numbers(id));
        tokio::spawn(async move { gateway.register_chart(chart, numbers).await })
    }
}

/// What the terminal makes of it.
fn registered(request: &[u8]) -> Vec<u8> {
    let now = Timestamp::now();
    eligibility_sim::registered(&mut NationalSystem::practice(now), request, now)
}

#[tokio::test]
async fn a_chart_number_is_told_once_and_nothing_of_ours_stays() {
    let stand = stand(PATIENCE);
    let told = stand.tell("000123", "valid");
    let (name, request) = stand.taken().await;
    let text = String::from_utf8(request.clone()).unwrap();
    assert!(name.starts_with("OQSsiimm01res_UK"), "{name}");
    assert!(text.contains("<ReferenceNumber>000123<") && !text.contains("Birthdate"), "{text}");
    let answer = registered(&request);
    // Half of it first, while a question is asked and answered.
    stand.put(&name, &answer[..answer.len() / 2]);
    let asked = stand.ask("valid");
    let (of_asked, question) = stand.taken().await;
    stand.put(&of_asked, &answer_to(&question));
    valid(asked.await.unwrap());
    assert!(!told.is_finished());
    stand.put(&name, &answer);
    assert_eq!(told.await.unwrap(), Registered::Done);
    until(|| files(&stand.res()).is_empty()).await;
    assert!(stand.gateway.is_well());
}

#[tokio::test]
async fn what_the_terminal_does_not_take_is_told_apart() {
    let stand = stand(PATIENCE);
    let told = stand.tell("000123", "valid");
    let (name, request) = stand.taken().await;
    let request = String::from_utf8(request).unwrap().replace(">1048<", ">999999<");
    stand.put(&name, &registered(request.as_bytes()));
    assert_eq!(told.await.unwrap(), Registered::Refused);
    let told = stand.tell("000123", "valid");
    let (name, request) = stand.taken().await;
    let another = String::from_utf8(registered(&request)).unwrap();
    stand.put(&name, another.replace(">000123<", ">000124<").as_bytes());
    assert_eq!(told.await.unwrap(), Registered::Unfit);
    // No element of a file holds it.
    assert_eq!(stand.tell(&"1".repeat(51), "valid").await.unwrap(), Registered::Unfit);
    until(|| files(&stand.res()).is_empty()).await;
    assert_eq!(files(&stand.req()), Vec::<String>::new());
}

#[tokio::test]
async fn a_terminal_that_does_not_answer_is_not_waited_for() {
    let stand = stand(Duration::from_secs(1));
    assert_eq!(stand.tell("000123", "valid").await.unwrap(), Registered::Unanswered);
    // A site that does not want it tells nothing.
    let quiet = Stand::new(PATIENCE);
    assert!(!Gateway::new(Arc::clone(&quiet.gateway) as _).registers_charts());
    assert_eq!(quiet.tell("000123", "valid").await.unwrap(), Registered::Unanswered);
    assert_eq!(files(&quiet.req()), Vec::<String>::new());
}

#[tokio::test]
async fn after_a_visit_the_terminal_is_told_the_chart_number_if_the_site_wants_it() {
    for wanted in [Some(true), None] {
        let folder = tempfile::tempdir().unwrap();
        let terminal = folder.path().join("OQS");
        let _served = Served::start(&terminal, Duration::ZERO);
        import_into(folder.path(), TARO, false);
        let change = patients(folder.path());
        let site = site_in(folder, |options| {
            change(options);
            options.gateway.register_chart_numbers = wanted;
        })
        .await;
        let store = site.folder.path().join("data");
        let mut page = page(&site).await;
        type_numbers(&mut page).await;
        page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
        until(|| files(&site.results_of_the_reader()).iter().any(is_whole)).await;
        let file = only_result(&site.results_of_the_reader());
        let chart = file.results().next().unwrap().reference_number.clone();
        assert_eq!(chart.as_deref(), Some("000123"));
        let told = || audited_in(&store, "chart_registered");
        if wanted.is_some() {
            until(|| !told().is_empty()).await;
            assert_eq!(told(), [r#"{"outcome":"done","visit":1}"#]);
        }
        until(|| files(&terminal.join("res")).is_empty()).await;
        assert_eq!(files(&terminal.join("req")), Vec::<String>::new());
        let _folder = site.stop().await;
        assert_eq!(told().len(), usize::from(wanted.is_some()));
    }
}
