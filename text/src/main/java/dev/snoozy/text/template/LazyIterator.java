package dev.snoozy.text.template;

import java.util.Iterator;

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
