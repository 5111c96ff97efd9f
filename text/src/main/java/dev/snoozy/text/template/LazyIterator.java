package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.function.Supplier;

/** Elements that are computed when asked for, once: what filters such as {@code map} return. */
final class LazyIterator implements Iterator<Object> {
    private final String typeName;
    private final Iterator<Object> elements;

    LazyIterator(String typeName, Iterator<Object> elements) {
        this.typeName = typeName;
        this.elements = elements;
    }

    static LazyIterator generator(Iterator<Object> elements) {
        return new LazyIterator("generator", elements);
    }

    /** A generator whose work, and whose errors, begin when its first element is asked for. */
    static LazyIterator generator(Supplier<Iterator<Object>> begin) {
        return generator(
                new Iterator<>() {
                    private @Nullable Iterator<Object> begun;

                    private Iterator<Object> begun() {
                        Iterator<Object> result = begun == null ? begin.get() : begun;
                        begun = result;
                        return result;
                    }

                    @Override
                    public boolean hasNext() {
                        return begun().hasNext();
                    }

                    @Override
                    public Object next() {
                        return begun().next();
                    }
                });
    }

    String typeName() {
        return typeName;
    }

    @Override
    public boolean hasNext() {
        return elements.hasNext();
    }

    @Override
    public Object next() {
        return elements.next();
    }
}
