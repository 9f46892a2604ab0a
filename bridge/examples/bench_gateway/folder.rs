//! 200 questions at once to a terminal that is asked by its folders, beside the same files written and read plainly. The folder
//! service stands in the terminal's place and answers at once, so what is measured is what the two programs and their folders need.

use crate::figures::{at_share, round};
use bridge::gateway::{Folder, Gateway, Terminal};
use checkin::number::{Numbers, half_width};
use checkin::{Question, Reply};
use eligibility_sim::{Person, personas};
use eligibility_terminal::{Pace, Service};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Questions at the same moment.
const QUESTIONS: usize = 200;
/// Different people, so that a wrong answer is noticed.
const PEOPLE: [&str; 5] = ["valid", "valid-elderly", "valid-young", "symbol-wide", "name-long"];

pub(crate) fn measure() -> Result<Value, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let terminal = folder.path().join("OQS");
    let people: Vec<Numbers> = PEOPLE.iter().map(|id| numbers(id)).collect();
    let mut service = Service::open(&terminal, Pace::Fixed(Duration::ZERO))?;
    let (stop, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (stopped, took) = (Arc::clone(&stop), Arc::clone(&taken));
    let served = std::thread::spawn(move || {
        service.run(&stopped, |line| {
            took.fetch_add(usize::from(line.starts_with("took")), Relaxed);
        });
    });
    let institution = oqs::InstitutionCode::new("9999999999")?;
    let system = Folder::start(Terminal::new(terminal.clone(), institution));
    let gateway = Gateway::new(Arc::new(system));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let began = Instant::now();
    let (mut times, mut right) = (Vec::new(), 0);
    runtime.block_on(async {
        let asked: Vec<_> = (0..QUESTIONS)
            .map(|at| {
                let numbers = people[at % people.len()].clone();
                let own = numbers.clone();
                let numbers = Box::new(numbers);
                let question = Question::QueryNumbers { numbers, limit_certificate: false };
                let (began, answer) = (Instant::now(), gateway.ask(question));
                tokio::spawn(async move { (answer.await.0, began.elapsed(), own) })
            })
            .collect();
        for asked in asked {
            let Ok((reply, time, own)) = asked.await else { continue };
            times.push(time.as_secs_f64() * 1e3);
            right += usize::from(matches!(&reply, Reply::Queried(Ok(found))
                if found.qualifications.iter().any(|q| q.birth == own.birth)));
        }
    });
    let all = began.elapsed().as_secs_f64() * 1e3;
    // Nothing may be asked or answered a second time after that.
    std::thread::sleep(Duration::from_secs(1));
    stop.store(true, Relaxed);
    let _ = served.join();
    let left = ["req", "res"].map(|name| count(&terminal.join(name)));
    let doubled = taken.load(Relaxed).saturating_sub(QUESTIONS) + left.iter().sum::<usize>();
    let plain = plain(folder.path(), &people)?;
    times.sort_by(f64::total_cmp);
    Ok(json!({
        "questions": QUESTIONS,
        "ms_p50": round(at_share(&times, 50)),
        "ms_p99": round(at_share(&times, 99)),
        "all_ms": round(all),
        "lost": QUESTIONS - right,
        "doubled": doubled,
        "plain_ms": round(plain),
        "ratio": round(all / plain),
    }))
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// The same files as often, written under another name, renamed, read and removed, one after the other.
fn plain(folder: &Path, people: &[Numbers]) -> Result<f64, Box<dyn std::error::Error>> {
    let now = Timestamp::now();
    let mut system = eligibility_sim::NationalSystem::practice(now);
    let mut files = Vec::new();
    for numbers in people {
        let institution = oqs::InstitutionCode::new("9999999999")?;
        let asked = oqs::Message::of_numbers(institution, "UK1", numbers, false, now)?;
        let request = oqs::to_xml(&asked, oqs::Encoding::Utf8)?.bytes;
        let answer = eligibility_sim::answer(&mut system, &request, now).bytes;
        files.push([request, answer]);
    }
    let began = Instant::now();
    for at in 0..QUESTIONS {
        for (kind, bytes) in files[at % files.len()].iter().enumerate() {
            let (part, whole) =
                (folder.join(format!("{at}-{kind}.part")), folder.join(format!("{at}-{kind}.xml")));
            std::fs::write(&part, bytes)?;
            std::fs::rename(&part, &whole)?;
            let read = std::fs::read(&whole)?;
            std::fs::remove_file(&whole)?;
            assert_eq!(&read, bytes, "the disk gives back what was written");
        }
    }
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

fn numbers(id: &str) -> Numbers {
    let text = personas().iter().find(|(known, _)| *known == id).expect("a persona").1;
    let person = Person::from_toml(text, Timestamp::now()).expect("a readable one");
    let eligibility = person.expect("an insured one").eligibility;
    let q = &eligibility.qualifications[0];
    Numbers {
        insurer_number: q.insurer_number.clone(),
        symbol: half_width(&q.symbol),
        number: half_width(&q.number),
        branch: q.branch.clone(),
        birth: q.birth,
    }
}
