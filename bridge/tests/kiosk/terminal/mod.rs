//! The clinic's terminal, asked by its folders.

mod charts;
mod faults;
mod many;
mod visits;

use bridge::gateway::{EligibilityGateway as _, Folder, Terminal};
use checkin::Question;
use checkin::eligibility::{Eligibility, Validity};
use checkin::gateway::{GatewayTrouble, Reply};
use checkin::number::{Numbers, half_width};
use eligibility_sim::{NationalSystem, Person, personas};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks at what is waited for.
const TICK: Duration = Duration::from_millis(5);

/// What is in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Whether it is a file under its final name, which is not in the making any more.
fn is_whole(name: &String) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "xml")
}

/// Waits until this holds.
async fn until(holds: impl Fn() -> bool) {
    let held = async {
        while !holds() {
            tokio::time::sleep(TICK).await;
        }
    };
    tokio::time::timeout(PATIENCE, held).await.expect("it comes to be so");
}

/// The numbers of a persona's document.
fn numbers(id: &str) -> Numbers {
    let text = personas().iter().find(|(known, _)| *known == id).unwrap().1;
    let person = Person::from_toml(text, Timestamp::now()).unwrap().unwrap();
    let q = &person.eligibility.qualifications[0];
    Numbers {
        insurer_number: q.insurer_number.clone(),
        symbol: half_width(&q.symbol),
        number: half_width(&q.number),
        branch: q.branch.clone(),
        birth: q.birth,
    }
}

fn question(id: &str) -> Question {
    Question::QueryNumbers { numbers: Box::new(numbers(id)), limit_certificate: false }
}

fn failed(trouble: GatewayTrouble) -> Reply {
    Reply::Queried(Err(trouble))
}

#[track_caller]
fn valid(reply: Reply) -> Eligibility {
    let Reply::Queried(Ok(found)) = reply else { panic!("{reply:?}") };
    assert_eq!(found.validity, Validity::Valid);
    found
}

/// Folders of a terminal whose program is this test.
struct Stand {
    folder: TempDir,
    gateway: Arc<Folder>,
}

impl Stand {
    /// With this patience.
    fn new(wait: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["req", "res"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let gateway = Arc::new(Folder::start(Self::terminal(folder.path(), wait)));
        Self { folder, gateway }
    }

    fn terminal(folder: &Path, wait: Duration) -> Terminal {
        let institution = oqs::InstitutionCode::new("1312345678").unwrap();
        Terminal { wait, ..Terminal::new(folder.to_owned(), institution) }
    }

    fn req(&self) -> PathBuf {
        self.folder.path().join("req")
    }

    fn res(&self) -> PathBuf {
        self.folder.path().join("res")
    }

    fn ask(&self, id: &str) -> JoinHandle<Reply> {
        let (gateway, question) = (Arc::clone(&self.gateway), question(id));
        tokio::spawn(async move { gateway.ask(question).await })
    }

    /// Waits for the only request, and takes it away as the terminal's program does.
    async fn taken(&self) -> (String, Vec<u8>) {
        until(|| files(&self.req()).iter().any(is_whole)).await;
        let name = files(&self.req()).into_iter().find(is_whole).unwrap();
        let bytes = std::fs::read(self.req().join(&name)).unwrap();
        std::fs::remove_file(self.req().join(&name)).unwrap();
        assert_eq!(files(&self.req()), Vec::<String>::new(), "one question, one request");
        (name.replace("req_", "res_"), bytes)
    }

    /// Puts an answer under this name.
    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.res().join(name), bytes).unwrap();
    }
}

/// What the terminal makes of a request.
fn answer_to(request: &[u8]) -> Vec<u8> {
    let now = Timestamp::now();
    eligibility_sim::answer(&mut NationalSystem::practice(now), request, now).bytes
}
