//! A message as a tree of its fields with their names, in the schema's order; what is not set is left out.
//!
//! This is a target for `serde`, so that no message's fields are listed twice.

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeSeq, SerializeStruct};
use std::fmt;

/// A value, or values under names.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A whole number.
    Whole(i64),
    /// A number with a point, infinity too.
    Double(f64),
    /// Yes or no.
    Flag(bool),
    /// Text.
    Text(String),
    /// Several.
    List(Vec<Node>),
    /// Under their names.
    Group(Vec<(&'static str, Node)>),
    /// There is something, and it is not told.
    Hidden,
}

impl Node {
    /// The fields of a message.
    pub fn of(message: &impl Serialize) -> Self {
        message.serialize(Fields).ok().flatten().unwrap_or_else(|| Self::Group(Vec::new()))
    }
}

/// No message of the schema has a value of this kind.
#[derive(Debug)]
pub(super) struct NotInTheSchema;

impl fmt::Display for NotInTheSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the schema has no such values")
    }
}

impl std::error::Error for NotInTheSchema {}

impl ser::Error for NotInTheSchema {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }
}

type Found = Result<Option<Node>, NotInTheSchema>;
type Never = Impossible<Option<Node>, NotInTheSchema>;

struct Fields;

macro_rules! numbers {
    ($($name:ident($kind:ty);)*) => {
        $(fn $name(self, value: $kind) -> Found { Ok(Some(Node::Whole(i64::from(value)))) })*
    };
}

macro_rules! not_there {
    ($($name:ident($($kind:ty),*) -> $given:ty;)*) => {
        $(fn $name(self, $(_: $kind),*) -> Result<$given, NotInTheSchema> { Err(NotInTheSchema) })*
    };
}

impl ser::Serializer for Fields {
    type Ok = Option<Node>;
    type Error = NotInTheSchema;
    type SerializeSeq = List;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Group;
    type SerializeStructVariant = Never;

    numbers! {
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
    }

    not_there! {
        serialize_u64(u64) -> Option<Node>;
        serialize_char(char) -> Option<Node>;
        serialize_bytes(&[u8]) -> Option<Node>;
        serialize_unit_struct(&'static str) -> Option<Node>;
        serialize_unit_variant(&'static str, u32, &'static str) -> Option<Node>;
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never;
    }

    fn serialize_bool(self, value: bool) -> Found {
        Ok(Some(Node::Flag(value)))
    }

    fn serialize_f32(self, value: f32) -> Found {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Found {
        Ok(Some(Node::Double(value)))
    }

    fn serialize_str(self, value: &str) -> Found {
        Ok(Some(Node::Text(value.to_owned())))
    }

    fn serialize_none(self) -> Found {
        Ok(None)
    }

    fn serialize_unit(self) -> Found {
        Ok(None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Found {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Found {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Found {
        Err(NotInTheSchema)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, NotInTheSchema> {
        Ok(List(Vec::new()))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Group, NotInTheSchema> {
        Ok(Group(Vec::new()))
    }
}

struct List(Vec<Node>);

impl SerializeSeq for List {
    type Ok = Option<Node>;
    type Error = NotInTheSchema;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotInTheSchema> {
        self.0.extend(value.serialize(Fields)?);
        Ok(())
    }

    fn end(self) -> Found {
        // A list without entries is a list that is not set.
        Ok((!self.0.is_empty()).then_some(Node::List(self.0)))
    }
}

struct Group(Vec<(&'static str, Node)>);

impl SerializeStruct for Group {
    type Ok = Option<Node>;
    type Error = NotInTheSchema;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotInTheSchema> {
        self.0.extend(value.serialize(Fields)?.map(|node| (name, node)));
        Ok(())
    }

    fn end(self) -> Found {
        Ok(Some(Node::Group(self.0)))
    }
}
