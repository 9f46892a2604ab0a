//! 1,000 visits at the same moment, each of somebody else: looked up, identified, asked with all consents. The service has its own
//! runtime and answers at once, over real sockets and with certificates on both sides. Beside it the same questions in the same order,
//! put by the HTTP library alone, as many at once.

use crate::figures::{at_share, round};
use crate::plain_client::PlainClient;
use bridge::gateway::{Gateway, Http, Service as Address};
use checkin::consent::ConsentAnswer;
use checkin::gateway::Opened;
use checkin::identity::Method;
use checkin::secret::Serial;
use checkin::{Question, Reply};
use eligibility_service::{Day, Doors, Files, Service, make, router};
use eligibility_sim::{NationalSystem, Person, personas};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// At the same moment.
const VISITS: usize = 1_000;
/// Questions of one visit.
const QUESTIONS: usize = 3;
/// As many as the gateway has under way at the same time.
const AT_ONCE: usize = 256;

pub(crate) fn measure() -> Result<Value, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    make(folder.path(), &["127.0.0.1".to_owned()])?;
    let people: Vec<Person> = (0..VISITS).map(person).collect();
    let system = Arc::new(Service::new(NationalSystem::new(people)?, Day::default()));
    let served = Builder::new_multi_thread().enable_all().build()?;
    let address = serve(&served, &system, folder.path())?;
    let runtime = Builder::new_multi_thread().enable_all().build()?;

    let file = |name: &str| folder.path().join(name);
    let gateway = Arc::new(Gateway::new(Arc::new(Http::new(&Address {
        address: address.clone(),
        authority: file("ca.pem"),
        certificate: file("client.pem"),
        key: file("client-key.pem"),
    })?)));
    let began = Instant::now();
    let mut times = runtime.block_on(all(|nth| visit(Arc::clone(&gateway), nth)));
    let all_ms = began.elapsed().as_secs_f64() * 1e3;
    let carried_out = usize::try_from(system.carried_out())?;
    let put = usize::try_from(system.asked())?;

    let client = PlainClient::new(&address, folder.path())?;
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let began = Instant::now();
    let mut plain = runtime.block_on(all(|nth| plainly(client.clone(), Arc::clone(&places), nth)));
    let plain_ms = began.elapsed().as_secs_f64() * 1e3;
    if plain.len() != VISITS {
        return Err("the plain requests did not all succeed".into());
    }
    times.sort_by(f64::total_cmp);
    plain.sort_by(f64::total_cmp);
    Ok(json!({
        "visits": VISITS,
        "ms_p50": round(at_share(&times, 50)),
        "ms_p99": round(at_share(&times, 99)),
        "all_ms": round(all_ms),
        "lost": VISITS - times.len(),
        "doubled": carried_out.saturating_sub(VISITS * QUESTIONS),
        "put_again": put.saturating_sub(carried_out),
        "plain_ms_p50": round(at_share(&plain, 50)),
        "plain_ms_p99": round(at_share(&plain, 99)),
        "plain_ms": round(plain_ms),
        "ratio": round(all_ms / plain_ms),
    }))
}

fn serve(
    runtime: &Runtime,
    system: &Arc<Service>,
    folder: &Path,
) -> Result<String, Box<dyn Error>> {
    let files = Files {
        certificate: folder.join("service.pem"),
        key: folder.join("service-key.pem"),
        client_ca: folder.join("ca.pem"),
    };
    let doors = runtime.block_on(Doors::open("127.0.0.1:0".parse()?, &files))?;
    let address = format!("https://{}", doors.address());
    let app = router(Arc::clone(system));
    runtime.spawn(async move { axum::serve(doors, app).await });
    Ok(address)
}

/// Everybody at once; the milliseconds of those who came to their right end.
async fn all<F>(one: impl Fn(usize) -> F) -> Vec<f64>
where
    F: Future<Output = Option<Duration>> + Send + 'static,
{
    let mut under_way: JoinSet<_> = (0..VISITS).map(one).collect();
    let mut times = Vec::new();
    while let Some(ended) = under_way.join_next().await {
        times.extend(ended.ok().flatten().map(|time| time.as_secs_f64() * 1e3));
    }
    times
}

/// `None`: no answer, or somebody else's.
async fn visit(gateway: Arc<Gateway>, nth: usize) -> Option<Duration> {
    let began = Instant::now();
    let (reply, _) = gateway.ask(look_up(nth)).await;
    let Reply::LookedUp(Ok(_)) = reply else { return None };
    let (reply, _) = gateway.ask(open(nth)).await;
    let Reply::Opened(Ok(opened)) = reply else { return None };
    let (reply, _) = gateway.ask(query(nth, &opened)).await;
    is_about(&reply, nth).then(|| began.elapsed())
}

async fn plainly(client: PlainClient, places: Arc<Semaphore>, nth: usize) -> Option<Duration> {
    let began = Instant::now();
    let put = async |question: &Question| {
        let _place = places.acquire().await.ok()?;
        let key = hex::encode(rand::random::<[u8; 16]>());
        let told = client.post(key, eligibility_api::write_question(question)).await.ok()?;
        eligibility_api::read_reply(question, &told).ok()
    };
    put(&look_up(nth)).await?;
    let Reply::Opened(Ok(opened)) = put(&open(nth)).await? else { return None };
    let reply = put(&query(nth, &opened)).await?;
    is_about(&reply, nth).then(|| began.elapsed())
}

fn look_up(nth: usize) -> Question {
    Question::LookUp { serial: Serial::new(serial(nth)) }
}

fn open(nth: usize) -> Question {
    Question::Open { serial: Serial::new(serial(nth)), method: Method::Pin, register: false }
}

fn query(nth: usize, opened: &Opened) -> Question {
    let at = Timestamp::now();
    let consents =
        opened.topics.iter().map(|&topic| ConsentAnswer { topic, agreed: true, at }).collect();
    Question::Query { serial: Serial::new(serial(nth)), consents }
}

fn is_about(reply: &Reply, nth: usize) -> bool {
    matches!(reply, Reply::Queried(Ok(found))
        if found.qualifications.iter().any(|q| q.number == number(nth)))
}

/// As the valid practice card, with a certificate and a number of their own.
fn person(nth: usize) -> Person {
    let text = personas().iter().find(|(id, _)| *id == "valid").expect("a persona").1;
    let person = Person::from_toml(text, Timestamp::now()).expect("a readable one");
    let mut person = person.expect("an insured one");
    person.id = format!("visitor-{nth}");
    person.serial = serial(nth);
    for qualification in &mut person.eligibility.qualifications {
        qualification.number = number(nth);
    }
    person
}

fn serial(nth: usize) -> Vec<u8> {
    let nth = u32::try_from(nth).expect("few people");
    [&[1][..], &nth.to_be_bytes()].concat()
}

fn number(nth: usize) -> String {
    format!("{}", 10_000 + nth)
}
