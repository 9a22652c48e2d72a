//! What a page knows, and what follows from it.
//!
//! Leptos compiles a signal and a memo anew for each type in them. Here there is one type of each, which holds a value
//! of any type; what knows the type only looks at the value.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::signal::ArcTrigger;
use leptos::reactive::traits::{Notify, Track};
use send_wrapper::SendWrapper;

type Value = Rc<dyn Any>;

/// Something that is known now: whoever reads it hears when it changes. Copies are the same one; it is gone with the
/// component that made it, and may then be neither read nor changed but by what says `try`.
pub(crate) struct State<T> {
    slot: StoredValue<Rc<Slot>, LocalStorage>,
    of: PhantomData<fn() -> T>,
}

struct Slot {
    value: RefCell<Value>,
    changed: ArcTrigger,
}

impl Slot {
    #[inline(never)]
    fn store(value: Value) -> StoredValue<Rc<Self>, LocalStorage> {
        StoredValue::new_local(Rc::new(Self {
            value: RefCell::new(value),
            changed: ArcTrigger::new(),
        }))
    }

    #[inline(never)]
    fn of(slot: StoredValue<Rc<Self>, LocalStorage>) -> Option<Rc<Self>> {
        slot.try_get_value()
    }

    #[inline(never)]
    fn value(slot: StoredValue<Rc<Self>, LocalStorage>, is_tracked: bool) -> Option<Value> {
        let slot = Self::of(slot)?;
        if is_tracked {
            slot.changed.track();
        }
        let value = slot.value.borrow();
        Some(Rc::clone(&value))
    }

    #[inline(never)]
    fn put(&self, value: Value, is_told: bool) {
        // what was there may read others while it goes
        let before = self.value.replace(value);
        if is_told {
            self.changed.notify();
        }
        drop(before);
    }

    /// Changes the value of a slot, if it is still there.
    fn change<T: 'static, R>(
        slot: StoredValue<Rc<Self>, LocalStorage>,
        is_told: bool,
        change: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        let slot = Self::of(slot)?;
        let changed = {
            let mut value = slot.value.borrow_mut();
            let value = Rc::get_mut(&mut value).and_then(|value| value.downcast_mut());
            change(value.expect("nobody keeps looking at what they change"))
        };
        if is_told {
            slot.changed.notify();
        }
        Some(changed)
    }
}

const GONE: &str = "a component reads what it or one above it made";

/// A value as its own type.
fn typed<T: 'static>(value: Value) -> Rc<T> {
    value.downcast().expect("a value is kept with its type")
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for State<T> {}

impl<T: 'static> State<T> {
    /// Knows this.
    pub(crate) fn new(value: T) -> Self {
        Self {
            slot: Slot::store(Rc::new(value)),
            of: PhantomData,
        }
    }

    /// What is known now, as it stays for whoever looks at it.
    pub(crate) fn read(self) -> Rc<T> {
        typed(Slot::value(self.slot, true).expect(GONE))
    }

    /// The same, without hearing when it changes.
    pub(crate) fn read_untracked(self) -> Rc<T> {
        typed(Slot::value(self.slot, false).expect(GONE))
    }

    /// Looks at it.
    pub(crate) fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.read())
    }

    /// Looks at it, without hearing when it changes.
    pub(crate) fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.read_untracked())
    }

    /// A copy of it.
    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        T::clone(&self.read())
    }

    /// A copy of it, without hearing when it changes.
    pub(crate) fn get_untracked(self) -> T
    where
        T: Clone,
    {
        T::clone(&self.read_untracked())
    }

    /// A copy of it, if it is still there.
    pub(crate) fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        Slot::value(self.slot, false).map(|value| T::clone(&typed(value)))
    }

    /// Hears when it changes.
    pub(crate) fn track(self) {
        drop(Slot::value(self.slot, true));
    }

    /// Knows something else from now on.
    pub(crate) fn set(self, value: T) {
        drop(self.try_set(value));
    }

    /// Knows something else from now on; gives it back if nobody is there any more to know it.
    pub(crate) fn try_set(self, value: T) -> Option<T> {
        let Some(slot) = Slot::of(self.slot) else {
            return Some(value);
        };
        slot.put(Rc::new(value), true);
        None
    }

    /// Changes it.
    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Changes it, if it is still there.
    pub(crate) fn try_update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        Slot::change(self.slot, true, change)
    }
}

/// Something that is remembered, and of which nobody hears.
pub(crate) struct Kept<T>(State<T>);

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kept<T> {}

impl<T: 'static> Kept<T> {
    /// Remembers this.
    pub(crate) fn new(value: T) -> Self {
        Self(State::new(value))
    }

    /// Looks at it.
    pub(crate) fn with_value<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.0.with_untracked(look)
    }

    /// A copy of it.
    pub(crate) fn get_value(self) -> T
    where
        T: Clone,
    {
        self.0.get_untracked()
    }

    /// A copy of it, if it is still there.
    pub(crate) fn try_get_value(self) -> Option<T>
    where
        T: Clone,
    {
        self.0.try_get_untracked()
    }

    /// Remembers something else from now on.
    pub(crate) fn set_value(self, value: T) {
        drop(self.try_set_value(value));
    }

    /// Remembers something else from now on; gives it back if there is nothing any more to remember it.
    pub(crate) fn try_set_value(self, value: T) -> Option<T> {
        let Some(slot) = Slot::of(self.0.slot) else {
            return Some(value);
        };
        slot.put(Rc::new(value), false);
        None
    }

    /// Changes it.
    pub(crate) fn update_value(self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// Changes it, if it is still there.
    pub(crate) fn try_update_value<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        Slot::change(self.0.slot, false, change)
    }
}

/// Something that follows from what is known: it is computed anew when that changed, and who reads it hears of it
/// only if it is another then.
pub(crate) struct Derived<T> {
    memo: Memo<Shared>,
    of: PhantomData<fn() -> T>,
}

#[derive(Clone)]
struct Shared {
    value: SendWrapper<Value>,
    same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&**self.value, &**other.value)
    }
}

fn same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<T>() == other.downcast_ref()
}

type Compute = Box<dyn Fn(Option<&dyn Any>) -> Value>;

#[inline(never)]
fn memo(compute: Compute, same: fn(&dyn Any, &dyn Any) -> bool) -> Memo<Shared> {
    let compute = SendWrapper::new(compute);
    Memo::new(move |before: Option<&Shared>| Shared {
        value: SendWrapper::new(compute(before.map(|it| &**it.value))),
        same,
    })
}

#[inline(never)]
fn value(memo: Memo<Shared>, is_tracked: bool) -> Value {
    let shared = if is_tracked {
        memo.get()
    } else {
        memo.get_untracked()
    };
    shared.value.take()
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

impl<T: PartialEq + 'static> Derived<T> {
    /// Follows by this function, which is given what it computed before.
    pub(crate) fn new(compute: impl Fn(Option<&T>) -> T + 'static) -> Self {
        let compute: Compute = Box::new(move |before| {
            let before = before.and_then(|it| it.downcast_ref());
            Rc::new(compute(before))
        });
        Self {
            memo: memo(compute, same::<T>),
            of: PhantomData,
        }
    }
}

impl<T: Clone + PartialEq + 'static> Derived<T> {
    /// Is always this.
    pub(crate) fn always(value: T) -> Self {
        Self::new(move |_| value.clone())
    }
}

impl<T: 'static> Derived<T> {
    /// What follows now, as it stays for whoever looks at it.
    pub(crate) fn read(self) -> Rc<T> {
        typed(value(self.memo, true))
    }

    /// Looks at it.
    pub(crate) fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.read())
    }

    /// Looks at it, without hearing when it changes.
    pub(crate) fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&typed(value(self.memo, false)))
    }

    /// A copy of it.
    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        T::clone(&self.read())
    }

    /// A copy of it, without hearing when it changes.
    pub(crate) fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// A copy of it, if it is still there.
    pub(crate) fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        let shared = self.memo.try_get_untracked()?;
        Some(T::clone(&typed(shared.value.take())))
    }

    /// Hears when it changes.
    pub(crate) fn track(self) {
        self.memo.track();
    }
}

impl<T: Clone + PartialEq + 'static> From<T> for Derived<T> {
    fn from(value: T) -> Self {
        Self::always(value)
    }
}

impl From<&str> for Derived<String> {
    fn from(text: &str) -> Self {
        Self::always(text.to_owned())
    }
}

impl<T: Clone + PartialEq + 'static> From<State<T>> for Derived<T> {
    fn from(state: State<T>) -> Self {
        Self::new(move |_| state.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_the_same_in_all_copies() {
        let owner = Owner::new();
        owner.set();
        let names = State::new(vec!["Ada"]);
        let copy = names;
        copy.update(|it| it.push("Bo"));
        assert_eq!(names.get(), ["Ada", "Bo"]);
        let before = names.read();
        names.set(Vec::new());
        assert_eq!((before.len(), names.with(Vec::len)), (2, 0));
    }

    #[test]
    fn what_is_gone_is_told_by_what_tries() {
        let owner = Owner::new();
        owner.set();
        let (state, kept) = (State::new(1), Kept::new(1));
        assert_eq!((state.try_set(2), kept.try_set_value(2)), (None, None));
        owner.cleanup();
        assert_eq!(
            (state.try_set(3), kept.try_set_value(3)),
            (Some(3), Some(3))
        );
        assert_eq!(
            (state.try_get_untracked(), kept.try_get_value()),
            (None, None)
        );
        assert_eq!(state.try_update(|it| *it += 1), None);
        // as in Leptos, who does not ask is not told
        state.set(4);
    }

    #[test]
    fn what_follows_is_computed_when_something_changed() {
        let owner = Owner::new();
        owner.set();
        let (count, times) = (State::new(1), Kept::new(0));
        let parity = Derived::new(move |_| {
            times.update_value(|it| *it += 1);
            count.get() % 2
        });
        let sum = Derived::new(move |before: Option<&i32>| {
            before.copied().unwrap_or_default() + parity.get()
        });
        assert_eq!((parity.get(), sum.get()), (1, 1));
        count.set(3);
        // it is odd as before, so nothing follows
        assert_eq!((sum.get(), times.get_value()), (1, 2));
        count.set(4);
        assert_eq!((parity.get(), sum.get()), (0, 1));
        count.set(5);
        assert_eq!((sum.get(), times.get_value()), (2, 4));
    }

    #[test]
    fn a_plain_value_may_stand_where_something_follows() {
        let owner = Owner::new();
        owner.set();
        let title: Derived<String> = "Users".into();
        let state = State::new(false);
        let same: Derived<bool> = state.into();
        state.set(true);
        assert_eq!((title.get().as_str(), same.get()), ("Users", true));
    }
}
