//! An export of a receipt computer, read within bounds. One wrong row does not lose the others.

use crate::column::{Column, Mapping, NotThere, plain};
use crate::decode::decode;
use crate::list::List;
use crate::row::{self, Problem};
use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;
use std::collections::HashMap;
use std::fmt;
use std::fmt::Write as _;

/// Longest export in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Most patients.
pub const MAX_ROWS: usize = 200_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 300;
/// Longest field in bytes of UTF-8.
pub const MAX_FIELD_BYTES: usize = 4096;
/// So many wrong rows are told one by one; all are counted.
pub const MOST_TOLD: usize = 50;

/// An export that was read. No `Debug`: it names people.
pub struct Read {
    /// Whom it has.
    pub list: List,
    /// The first wrong rows, in their order.
    pub wrong: Vec<RowError>,
    /// Rows that are not in the list.
    pub refused: usize,
    /// Facts that were left out of rows that are.
    pub left_out: usize,
    /// The columns that were recognised, in their order.
    pub columns: Vec<Column>,
}

/// A wrong row. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowError {
    /// Line of the file on which it begins, from 1.
    pub line: u64,
    /// Where.
    pub column: Option<Column>,
    /// What.
    pub problem: Problem,
}

/// An export of which nothing is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More than [`MAX_BYTES`].
    #[error(
        "the file is larger than 64 MiB: export patients only / ファイルが大きすぎます（64 MiB まで）"
    )]
    TooLarge,
    /// Neither UTF-8 nor CP932.
    #[error(
        "the file is neither UTF-8 nor Shift_JIS (CP932): export or save it as CSV in one of them / 文字コードが UTF-8 でも Shift_JIS でもありません。CSV（UTF-8 か Shift_JIS）で保存してください"
    )]
    Encoding,
    /// It has no row at all.
    #[error("the file has no rows / 行がありません")]
    Empty,
    /// More than [`MAX_ROWS`].
    #[error(
        "the file has more than 200,000 patients: nothing was read / 患者が 200,000 人を超えています"
    )]
    TooManyRows,
    /// Not there.
    #[error(
        "there is no column for {0}: say which it is in a mapping file, for instance {key} = \"its header\" (--mapping) / {ja} の列が見つかりません。対応表（--mapping）に {key} = \"列名\" と書いてください",
        key = .0.key(), ja = .0.usual()
    )]
    Missing(Column),
    /// There more than once.
    #[error(
        "two columns may be {0}: say which it is by its number in a mapping file, for instance {key} = 3 (--mapping) / {ja} の列が 2 つあります。対応表（--mapping）に {key} = 3 のように列の番号を書いてください",
        key = .0.key(), ja = .0.usual()
    )]
    Twice(Column),
}

/// Reads an export. `today`: nobody was born after it.
///
/// # Errors
/// [`ReadError`], where nothing of it can be taken.
pub fn read(bytes: &[u8], mapping: &Mapping, today: Date) -> Result<Read, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let text = decode(bytes).ok_or(ReadError::Encoding)?;
    let first = text.lines().find(|line| !line.trim().is_empty()).ok_or(ReadError::Empty)?;
    let tabs = first.contains('\t') && !first.contains(',');
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(if tabs { b'\t' } else { b',' });
    let mut reader = builder.from_reader(text.as_bytes());
    let (mut record, mut lines) = (StringRecord::new(), Lines::of(&text));
    // Memory cannot fail to be read, and the text is UTF-8.
    let mut next = |record: &mut StringRecord| reader.read_record(record).unwrap_or(false);
    let mut headers = Vec::new();
    if !mapping.no_header {
        while next(&mut record) {
            headers = record.iter().take(MAX_COLUMNS).map(plain).collect();
            if headers.iter().any(|header| !header.is_empty()) {
                break;
            }
        }
    }
    let places = places(mapping, &headers)?;
    let mut reading = Reading { places, ..Reading::new(today) };
    while next(&mut record) {
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        reading.row(&record, line)?;
    }
    Ok(reading.done())
}

fn places(mapping: &Mapping, headers: &[String]) -> Result<HashMap<Column, usize>, ReadError> {
    let mut places = HashMap::new();
    for column in Column::ALL {
        match mapping.find(column, headers) {
            Ok(Some(at)) => drop(places.insert(column, at)),
            Ok(None) => {}
            Err(NotThere::Missing) => return Err(ReadError::Missing(column)),
            Err(NotThere::Twice) => return Err(ReadError::Twice(column)),
        }
    }
    let missing = |column: &Column| !places.contains_key(column);
    let mut needed = vec![Column::Chart, Column::Birth, Column::Sex];
    if missing(&Column::Name) {
        needed.push(Column::Kana);
    }
    match needed.into_iter().find(missing) {
        Some(column) => Err(ReadError::Missing(column)),
        None => Ok(places),
    }
}

/// Counts lines with ends of any kind, as editors do.
struct Lines<'a> {
    rest: &'a [u8],
    /// Where `rest` begins.
    at: u64,
    line: u64,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the row that begins at this byte, or behind the ends of lines that stand there. Bytes only grow.
    fn at(&mut self, byte: u64) -> u64 {
        while let [one, rest @ ..] = self.rest
            && (self.at < byte || matches!(one, b'\r' | b'\n'))
        {
            let ends = *one == b'\n' || (*one == b'\r' && rest.first() != Some(&b'\n'));
            (self.rest, self.at, self.line) = (rest, self.at + 1, self.line + u64::from(ends));
        }
        self.line
    }
}

/// What was read by now.
struct Reading {
    places: HashMap<Column, usize>,
    today: Date,
    list: List,
    /// The line of each chart number.
    charts: HashMap<Box<str>, u64>,
    wrong: Vec<RowError>,
    refused: usize,
    left_out: usize,
}

impl Reading {
    fn new(today: Date) -> Self {
        Self {
            places: HashMap::new(),
            today,
            list: List::default(),
            charts: HashMap::new(),
            wrong: Vec::new(),
            refused: 0,
            left_out: 0,
        }
    }

    fn row(&mut self, record: &StringRecord, line: u64) -> Result<(), ReadError> {
        if record.iter().all(|field| field.trim().is_empty()) {
            return Ok(());
        }
        if self.list.len() + self.refused == MAX_ROWS {
            return Err(ReadError::TooManyRows);
        }
        if record.len() > MAX_COLUMNS {
            self.refuse(line, None, Problem::TooManyFields);
        } else if record.iter().any(|field| field.len() > MAX_FIELD_BYTES) {
            self.refuse(line, None, Problem::TooLong);
        } else {
            self.patient(record, line);
        }
        Ok(())
    }

    fn patient(&mut self, record: &StringRecord, line: u64) {
        let field = |column| {
            let at = self.places.get(&column).copied();
            at.and_then(|at| record.get(at)).unwrap_or_default()
        };
        let (patient, left_out) = match row::patient(field, self.today) {
            Ok(taken) => taken,
            Err((column, problem)) => return self.refuse(line, Some(column), problem),
        };
        let first = *self.charts.entry(patient.chart().into()).or_insert(line);
        if first != line {
            return self.refuse(line, Some(Column::Chart), Problem::ChartTwice { first });
        }
        for (column, problem) in left_out {
            self.left_out += 1;
            self.tell(line, Some(column), problem);
        }
        self.list.add(patient);
    }

    fn refuse(&mut self, line: u64, column: Option<Column>, problem: Problem) {
        self.refused += 1;
        self.tell(line, column, problem);
    }

    fn tell(&mut self, line: u64, column: Option<Column>, problem: Problem) {
        if self.wrong.len() < MOST_TOLD {
            self.wrong.push(RowError { line, column, problem });
        }
    }

    fn done(self) -> Read {
        let Self { places, list, wrong, refused, left_out, .. } = self;
        let columns = Column::ALL.into_iter().filter(|column| places.contains_key(column));
        Read { list, wrong, refused, left_out, columns: columns.collect() }
    }
}

impl fmt::Display for RowError {
    /// `12 行目、生年月日: … / line 12, 生年月日 (birth): …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, problem } = self;
        let (mut ja, mut en) = (format!("{line} 行目"), format!("line {line}"));
        if let Some(column) = column {
            ja = format!("{ja}、{}", column.usual());
            // Writing to a string cannot fail.
            let _ = write!(en, ", {column}");
        }
        write!(f, "{ja}: {} / {en} {}", problem.ja(), problem.en())
    }
}
