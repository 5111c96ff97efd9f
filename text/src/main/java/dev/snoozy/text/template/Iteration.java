package dev.snoozy.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Going through the elements of values, and their number. */
final class Iteration {
    private final Budget budget;

    Iteration(Budget budget) {
        this.budget = budget;
    }

    static boolean isIterable(Object value) {
        return switch (value) {
            case List<?> ignored -> true;
            case Tuple ignored -> true;
            case String ignored -> true;
            case Markup ignored -> true;
            case Dict ignored -> true;
            case DictView ignored -> true;
            case Range ignored -> true;
            case LazyIterator ignored -> true;
            case Undefined ignored -> true;
            default -> false;
        };
    }

    /** The elements of a value; of a dictionary its keys, of a string its characters. */
    Iterator<Object> iterator(Object value) {
        return switch (value) {
            case List<?> list -> paid(list.iterator());
            case Tuple tuple -> paid(tuple.items().iterator());
            case String text -> characters(text);
            case Markup markup -> characters(markup.text());
            case Dict dict -> {
                budget.elements(dict.size());
                yield paid(dict.keys().iterator());
            }
            case DictView view -> paid(view.elements(budget).iterator());
            case Range range -> numbers(range);
            case LazyIterator iterator -> nested(iterator);
            case Undefined ignored -> Collections.emptyIterator();
            default ->
                    throw TemplateException.type(
                            "'" + Types.name(value) + "' object is not iterable");
        };
    }

    /** All elements in a new list. */
    List<Object> list(Object value) {
        List<Object> list = new ArrayList<>();
        iterator(value)
                .forEachRemaining(element -> {
                    budget.elements(1);
                    list.add(element);
                });
        return list;
    }

    /** The number of elements or characters. */
    long length(Object value) {
        return switch (value) {
            case List<?> list -> list.size();
            case Tuple tuple -> tuple.items().size();
            case String text -> characterCount(text);
            case Markup markup -> characterCount(markup.text());
            case Dict dict -> dict.size();
            case DictView view -> view.dict().size();
            case Range range -> range.size();
            case LoopContext loop -> loop.length();
            case Undefined ignored -> 0;
            default ->
                    throw TemplateException.type(
                            "object of type '" + Types.name(value) + "' has no len()");
        };
    }

    private int characterCount(String text) {
        budget.work(text.length() / 8);
        return Strings.length(text);
    }

    static boolean isSized(Object value) {
        return isIterable(value) && !(value instanceof LazyIterator)
                || value instanceof LoopContext;
    }

    private Iterator<Object> paid(Iterator<?> elements) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public Object next() {
                budget.step();
                return elements.next();
            }
        };
    }

    /** Elements that are computed from those of another iterator, which may be as nested. */
    private Iterator<Object> nested(LazyIterator elements) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                budget.enter();
                boolean found = elements.hasNext();
                budget.leave();
                return found;
            }

            @Override
            public Object next() {
                budget.enter();
                Object element = elements.next();
                budget.leave();
                return element;
            }
        };
    }

    private Iterator<Object> characters(String text) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < text.length();
            }

            @Override
            public Object next() {
                if (at >= text.length()) {
                    throw new NoSuchElementException();
                }
                budget.step();
                String character = Character.toString(text.codePointAt(at));
                at += character.length();
                return character;
            }
        };
    }

    private Iterator<Object> numbers(Range range) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < range.size();
            }

            @Override
            public Object next() {
                if (at >= range.size()) {
                    throw new NoSuchElementException();
                }
                budget.step();
                return range.get(at++);
            }
        };
    }
}
