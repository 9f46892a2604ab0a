//! One declaration for each element of the interface ([`record!`]): its Rust name, what it holds, its
//! name in the file and in Japanese. Reader, writer, documentation and `oqs show` are made from it.

use crate::cursor::Cursor;
use crate::element::Element;
use crate::error::{ParseError, WriteError};
use crate::out::Out;
use std::borrow::Cow;

/// An element that is known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name in the file.
    pub element: &'static str,
    /// What programs that show it to people call it.
    pub japanese: &'static str,
}

/// What stood in an element beside its known children, and in which order all of them stood: so that a
/// file that is read and written again keeps its order and everything that this crate does not know.
/// Two of them are equal if they keep the same elements: the order of the known ones means nothing
/// (terminals write any).
#[derive(Clone, Debug, Default)]
pub struct Kept(Vec<Slot>);

#[derive(Clone, Debug)]
enum Slot {
    Known(Cow<'static, str>),
    Other(Element),
}

impl Kept {
    /// The elements that are not interpreted, in their order.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.0.iter().filter_map(|slot| match slot {
            Slot::Other(element) => Some(element),
            Slot::Known(_) => None,
        })
    }

    pub(crate) fn keep(&mut self, element: Element) {
        self.0.push(Slot::Other(element));
    }

    /// Notes where a known child stands. `false`: it stood there before.
    pub(crate) fn note(&mut self, name: Cow<'static, str>) -> bool {
        let new = !self.0.iter().any(|slot| matches!(slot, Slot::Known(known) if *known == name));
        if new {
            self.0.push(Slot::Known(name));
        }
        new
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.elements().eq(other.elements())
    }
}

impl Eq for Kept {}

/// What an element holds.
pub(crate) trait Content: Sized {
    /// Reads the element whose start was just passed; `None` for a value that is not there.
    fn read(name: &str, cursor: &mut Cursor<'_>) -> Result<Option<Self>, ParseError>;
    fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError>;
}

/// A child of a record, or several of the same name.
pub(crate) trait Field {
    /// Reads one; `again` if it is not the first one.
    fn read(&mut self, name: &str, again: bool, cursor: &mut Cursor<'_>) -> Result<(), ParseError>;
    fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError>;
}

impl<C: Content> Field for Option<C> {
    fn read(&mut self, name: &str, again: bool, cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
        let read = C::read(name, cursor)?;
        if again {
            return Err(cursor.repeated(name));
        }
        *self = read;
        Ok(())
    }

    fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError> {
        self.as_ref().map_or(Ok(()), |content| content.write(name, out))
    }
}

impl<C: Content> Field for Vec<C> {
    fn read(&mut self, name: &str, _: bool, cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
        self.extend(C::read(name, cursor)?);
        Ok(())
    }

    fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError> {
        self.iter().try_for_each(|content| content.write(name, out))
    }
}

/// A value written as text.
pub(crate) trait Value: Sized {
    /// For messages.
    const EXPECTED: &'static str;
    /// Reads text that is neither empty nor blank and has no ASCII blanks around it.
    fn parse(text: &str) -> Option<Self>;
    fn text(&self) -> Cow<'_, str>;
}

impl<V: Value> Content for V {
    fn read(name: &str, cursor: &mut Cursor<'_>) -> Result<Option<Self>, ParseError> {
        let text = cursor.text(name)?;
        let text = text.trim_ascii();
        // A value of full-width blanks is none, either.
        if text.trim_start().is_empty() {
            return Ok(None);
        }
        V::parse(text).map(Some).ok_or_else(|| cursor.value(name, V::EXPECTED))
    }

    fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError> {
        out.leaf(name, &self.text())
    }
}

/// An element with known children in any order.
pub(crate) trait Record: Default {
    /// Its known children.
    const CHILDREN: &'static [Known];
    /// Reads the child whose start was just passed.
    fn child(&mut self, name: &str, cursor: &mut Cursor<'_>) -> Result<(), ParseError>;
    /// Writes the known child of that name.
    fn write_child(&self, name: &str, out: &mut Out) -> Result<(), WriteError>;
    fn kept(&self) -> &Kept;
    /// Names of known children that are not in [`Self::CHILDREN`].
    fn more(&self) -> Vec<String>;
}

pub(crate) fn read_record<R: Record>(cursor: &mut Cursor<'_>) -> Result<R, ParseError> {
    let mut record = R::default();
    while let Some(name) = cursor.child()? {
        record.child(name, cursor)?;
    }
    Ok(record)
}

pub(crate) fn write_record<R: Record>(
    record: &R,
    name: &str,
    out: &mut Out,
) -> Result<(), WriteError> {
    out.inside(name, |out| {
        let kept = record.kept();
        for slot in &kept.0 {
            match slot {
                Slot::Known(name) => record.write_child(name, out)?,
                Slot::Other(element) => element.write(out)?,
            }
        }
        let known = R::CHILDREN.iter().map(|known| Cow::Borrowed(known.element));
        for name in known.chain(record.more().into_iter().map(Cow::Owned)) {
            if !kept.0.iter().any(|slot| matches!(slot, Slot::Known(known) if *known == name)) {
                record.write_child(&name, out)?;
            }
        }
        Ok(())
    })
}

/// Declares an element with known children; see the module.
macro_rules! record {
    ($(#[$doc:meta])* $record:ident {
        $($field:ident: $kind:ty = $element:literal $japanese:literal $($more:literal)?,)*
        $(.. $(#[$rest_doc:meta])* $rest:ident: $rest_kind:ty,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $record {
            $(
                #[doc = concat!("`", $element, "`: ", $japanese, $("; ", $more,)? ".")]
                pub $field: $kind,
            )*
            $($(#[$rest_doc])* pub $rest: $rest_kind,)?
            /// What is not interpreted.
            pub kept: Kept,
        }

        impl Record for $record {
            const CHILDREN: &'static [Known] =
                &[$(Known { element: $element, japanese: $japanese }),*];

            fn child(&mut self, name: &str, cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
                match name {
                    $($element => {
                        let again = !self.kept.note(Cow::Borrowed($element));
                        Field::read(&mut self.$field, $element, again, cursor)
                    })*
                    other => {
                        $(if self.$rest.read(other, cursor)? {
                            self.kept.note(Cow::Owned(other.to_owned()));
                            return Ok(());
                        })?
                        self.kept.keep(Element::read(other, cursor)?);
                        Ok(())
                    }
                }
            }

            fn write_child(&self, name: &str, out: &mut Out) -> Result<(), WriteError> {
                match name {
                    $($element => Field::write(&self.$field, $element, out),)*
                    _ => {
                        $(self.$rest.write(name, out)?;)?
                        Ok(())
                    }
                }
            }

            fn kept(&self) -> &Kept {
                &self.kept
            }

            fn more(&self) -> Vec<String> {
                #[allow(unused_mut, reason = "most have none")]
                let mut names = Vec::new();
                $(names.extend(self.$rest.names());)?
                names
            }
        }

        impl Content for $record {
            fn read(_: &str, cursor: &mut Cursor<'_>) -> Result<Option<Self>, ParseError> {
                crate::record::read_record(cursor).map(Some)
            }

            fn write(&self, name: &str, out: &mut Out) -> Result<(), WriteError> {
                crate::record::write_record(self, name, out)
            }
        }
    };
}
pub(crate) use record;
