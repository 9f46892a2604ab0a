//! Reading what works on lists of numbers: changes of shape, joining, cutting, arithmetic.

use super::read::{Reader, err, sides};
use super::shape::{Seen, Value};
use crate::engine::flat::{Flat, Operand};
use crate::graph::{GraphError, Operation};

impl Reader {
    pub(super) fn reshape(
        &mut self,
        input: usize,
        at: u32,
        from: &[u32],
        to: &[u32],
    ) -> Result<Seen, GraphError> {
        let (mut shape, at) = (self.seen[input].shape.clone(), at as usize);
        let (from, to) = (sides(from), sides(to));
        let fits = shape.get(at..at + from.len()) == Some(&from[..])
            && from.iter().product::<usize>() == to.iter().product::<usize>();
        if !fits {
            return err("a change of shape that does not fit");
        }
        let list = self.list_of(input)?;
        shape.splice(at..at + from.len(), to);
        Ok(Seen { channel: shape.len(), shape, value: Value::Draft(list) })
    }

    pub(super) fn join(&mut self, inputs: &[usize], axis: usize) -> Result<Seen, GraphError> {
        let mut shape = match inputs.first() {
            Some(first) if axis < self.seen[*first].shape.len() => self.seen[*first].shape.clone(),
            _ => return err("nothing to join"),
        };
        let (mut lists, mut widths, mut all) = (vec![], vec![], 0);
        for input in inputs {
            let part = &self.seen[*input].shape;
            let same = part.len() == shape.len()
                && (0..shape.len()).all(|side| side == axis || part[side] == shape[side]);
            if !same {
                return err("parts that do not fit each other");
            }
            widths.push(part[axis..].iter().product());
            all += part[axis];
            lists.push(self.list_of(*input)?);
        }
        shape[axis] = all;
        Ok(self.list(shape, Flat::Join(widths), lists))
    }

    pub(super) fn cut(
        &mut self,
        input: usize,
        [axis, start, end]: [usize; 3],
    ) -> Result<Seen, GraphError> {
        let mut shape = self.seen[input].shape.clone();
        if axis + 1 != shape.len() || start >= end || end > shape[axis] {
            return err("a part of other than the last axis");
        }
        let list = self.list_of(input)?;
        let width = std::mem::replace(&mut shape[axis], end - start);
        Ok(self.list(shape, Flat::Cut([width, start, end]), vec![list]))
    }

    pub(super) fn lists(
        &mut self,
        op: &Operation<'_>,
        [a, b]: [usize; 2],
    ) -> Result<Seen, GraphError> {
        let [first, second] = self.constant_last([a, b]);
        let shape = self.seen[first].shape.clone();
        let all: usize = shape.iter().product();
        let mut lists = vec![self.list_of(first)?];
        let operand = if matches!(self.seen[second].value, Value::Constant(_)) {
            let (values, sides) =
                (self.seen[second].constant()?.to_vec(), &self.seen[second].shape);
            // One number, all numbers, or the last axis over and over.
            let fits = values.len() == 1
                || *sides == shape
                || (sides.last() == shape.last() && sides.last() == Some(&values.len()));
            if !fits {
                return err("a constant of another shape");
            }
            Some(Operand { values, first: second == a })
        } else {
            if self.seen[second].shape.iter().product::<usize>() != all {
                return err("lists of different lengths");
            }
            lists.push(self.list_of(second)?);
            None
        };
        let flat = match op {
            Operation::Add => Flat::Add(operand),
            Operation::Sub => Flat::Sub(operand),
            _ => Flat::Mul(operand),
        };
        Ok(self.list(shape, flat, lists))
    }
}
