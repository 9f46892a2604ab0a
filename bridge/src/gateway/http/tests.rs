//! Against the service itself, over real sockets.

use super::{Http, Service as Address, is_there};
use crate::gateway::EligibilityGateway as _;
use checkin::consent::{ConsentAnswer, Topic};
use checkin::gateway::{GatewayTrouble, Registration};
use checkin::identity::Method;
use checkin::secret::Serial;
use checkin::{Question, Reply};
use eligibility_service::{Day, Doors, Files, Service, make, router};
use eligibility_sim::{Person, personas};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The service with its certificates in a folder.
struct Running {
    folder: TempDir,
    service: Arc<Service>,
    address: String,
    task: JoinHandle<()>,
}

fn certificates() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), &["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    folder
}

async fn serve(day: Day) -> Running {
    let folder = certificates();
    let file = |name: &str| folder.path().join(name);
    let files = Files {
        certificate: file("service.pem"),
        key: file("service-key.pem"),
        client_ca: file("ca.pem"),
    };
    let doors = Doors::open("127.0.0.1:0".parse().unwrap(), &files).await.unwrap();
    let address = format!("https://{}", doors.address());
    let service = Arc::new(Service::practice(day));
    let app = router(Arc::clone(&service));
    let task = tokio::spawn(async move { axum::serve(doors, app).await.unwrap() });
    Running { folder, service, address, task }
}

fn address(folder: &Path, address: &str) -> Address {
    let [authority, certificate, key] =
        ["ca.pem", "client.pem", "client-key.pem"].map(|name| folder.join(name));
    Address { address: address.into(), authority, certificate, key }
}

impl Running {
    fn client(&self) -> Http {
        Http::new(&address(self.folder.path(), &self.address)).unwrap()
    }
}

fn serial_of(id: &str) -> Serial {
    let (_, text) = personas().iter().find(|(name, _)| *name == id).unwrap();
    Serial::new(Person::from_toml(text, Timestamp::now()).unwrap().unwrap().serial)
}

#[tokio::test]
async fn a_visit_is_asked_from_look_up_to_withdrawal() {
    let running = serve(Day::default()).await;
    let http = running.client();
    let serial = serial_of("valid");
    let looked_up = http.ask(Question::LookUp { serial: serial.clone() }).await;
    assert_eq!(looked_up, Reply::LookedUp(Ok(Registration::Registered)));
    let (method, register) = (Method::Face, false);
    let opened = http.ask(Question::Open { serial: serial.clone(), method, register }).await;
    let Reply::Opened(Ok(opened)) = opened else { panic!("{opened:?}") };
    assert!(opened.topics.contains(&Topic::Operation) && opened.births.len() == 1);
    let consents =
        vec![ConsentAnswer { topic: Topic::Operation, agreed: true, at: Timestamp::now() }];
    let found = http.ask(Question::Query { serial: serial.clone(), consents }).await;
    let Reply::Queried(Ok(found)) = found else { panic!("{found:?}") };
    assert!(found.is_valid() && found.qualifications.len() == 1);
    let topic = Topic::Operation;
    let withdrawn = http.ask(Question::Withdraw { serial, topic }).await;
    assert_eq!(withdrawn, Reply::Withdrawn(Ok(())));
    let nobody = http.ask(Question::LookUp { serial: Serial::new(vec![9]) }).await;
    assert_eq!(nobody, Reply::LookedUp(Err(GatewayTrouble::UnknownCertificate)));
    assert!(http.is_well());
    assert_eq!((running.service.asked(), running.service.carried_out()), (5, 5));
}

/// The persona is down at the first try of a query; asked again under the same key, it is well.
#[tokio::test]
async fn a_question_is_put_again_until_the_service_is_back() {
    let running = serve(Day::default()).await;
    let http = running.client();
    let serial = serial_of("down-once");
    let (method, register) = (Method::Pin, false);
    let opened = http.ask(Question::Open { serial: serial.clone(), method, register }).await;
    assert!(matches!(opened, Reply::Opened(Ok(_))), "{opened:?}");
    let found = http.ask(Question::Query { serial, consents: Vec::new() }).await;
    assert!(matches!(found, Reply::Queried(Ok(_))), "{found:?}");
    assert!(running.service.asked() > 2, "it was put again");
}

/// One question that is put twice under one key is carried out once, also when the second comes before the first is answered.
#[tokio::test]
async fn what_is_put_twice_is_carried_out_once() {
    let slow = Duration::from_millis(200);
    let running = serve(Day { slow, ..Day::default() }).await;
    let http = running.client();
    let question = Question::LookUp { serial: serial_of("valid") };
    let body = eligibility_api::write_question(&question);
    let left = Duration::from_secs(8);
    let tries = (0..5).map(|_| http.once(&question, "one-key", &body, left));
    let told = futures_util::future::join_all(tries).await;
    for tried in told {
        let super::Tried::Replied(reply) = tried else { panic!("away") };
        assert_eq!(reply, Reply::LookedUp(Ok(Registration::Registered)));
    }
    assert_eq!((running.service.asked(), running.service.carried_out()), (5, 1));
    // The same key with another question is no answer to either.
    let other = Question::LookUp { serial: serial_of("not-registered") };
    let body = eligibility_api::write_question(&other);
    let super::Tried::Replied(reply) = http.once(&other, "one-key", &body, left).await else {
        panic!("away")
    };
    assert_eq!(reply, Reply::LookedUp(Err(GatewayTrouble::Refused)));
    assert_eq!(running.service.carried_out(), 1);
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_is_not_carried_out() {
    let slow = Duration::from_millis(400);
    let running = serve(Day { slow, ..Day::default() }).await;
    let http = running.client();
    let question = Question::LookUp { serial: serial_of("valid") };
    let body = eligibility_api::write_question(&question);
    // Some of these come to their turn in time, and all that do not are told so.
    let tries =
        (0..40).map(|nth| {
            let (http, question, body) = (&http, &question, &body);
            async move {
                http.once(question, &format!("key-{nth}"), body, Duration::from_millis(1)).await
            }
        });
    let late = question.failed(GatewayTrouble::Late);
    let told = futures_util::future::join_all(tries).await;
    let late =
        told.iter().filter(|tried| matches!(tried, super::Tried::Replied(reply) if *reply == late));
    assert_eq!(40 - u64::try_from(late.count()).unwrap(), running.service.carried_out());
    assert!(running.service.carried_out() < 40);
}

/// Both ends know each other by their certificates, and by nothing else.
#[tokio::test]
async fn strangers_are_told_nothing() {
    let running = serve(Day::default()).await;
    let other = certificates();
    let question = Question::LookUp { serial: serial_of("valid") };
    let body = eligibility_api::write_question(&question);
    let right = address(running.folder.path(), &running.address);
    let foreign = address(other.path(), &running.address);
    let client_of_another = Address { authority: right.authority.clone(), ..foreign.clone() };
    let service_of_another = Address { authority: foreign.authority.clone(), ..right.clone() };
    for stranger in [&client_of_another, &service_of_another, &foreign] {
        let http = Http::new(stranger).unwrap();
        let tried = http.once(&question, "key", &body, Duration::from_secs(8)).await;
        assert!(matches!(tried, super::Tried::Away(None)));
    }
    assert_eq!(running.service.asked(), 0);
    assert_eq!(is_there(&right).await, Ok(()));
    let why = is_there(&service_of_another).await.unwrap_err();
    assert!(why.contains("certificate"), "{why}");
    let http = Http::new(&right).unwrap();
    let tried = http.once(&question, "key", &body, Duration::from_secs(8)).await;
    assert!(matches!(tried, super::Tried::Replied(Reply::LookedUp(Ok(_)))));
    for missing in ["ca.pem", "client.pem", "client-key.pem"] {
        std::fs::remove_file(running.folder.path().join(missing)).unwrap();
        assert!(Http::new(&right).is_err(), "{missing}");
        std::fs::write(running.folder.path().join(missing), "nothing").unwrap();
        assert!(Http::new(&right).is_err(), "{missing}");
        std::fs::copy(other.path().join(missing), running.folder.path().join(missing)).unwrap();
    }
}

/// Nobody listens any more: the question ends within its time, and after some of them nothing is tried for a while.
#[tokio::test]
async fn a_service_that_is_gone_is_down_and_soon_not_tried_any_more() {
    let running = serve(Day::default()).await;
    let http = running.client();
    running.task.abort();
    let _ = running.task.await;
    let question = || Question::LookUp { serial: serial_of("valid") };
    let down = question().failed(GatewayTrouble::Down);
    for _ in 0..2 {
        assert_eq!(http.put(&question(), Duration::from_secs(2)).await, down);
    }
    while http.is_well() {
        assert_eq!(http.put(&question(), Duration::from_secs(2)).await, down);
    }
    assert!(!http.breaker().may_try(std::time::Instant::now()));
}

/// It takes the connection and says nothing.
#[tokio::test]
async fn a_service_that_hangs_is_late() {
    let folder = certificates();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("https://{}", listener.local_addr().unwrap());
    let http = Http::new(&address(folder.path(), &silent)).unwrap();
    let question = Question::LookUp { serial: serial_of("valid") };
    let reply = http.put(&question, Duration::from_millis(600)).await;
    assert!(matches!(reply, Reply::LookedUp(Err(GatewayTrouble::Late | GatewayTrouble::Down))));
    drop(listener);
}
