package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The variable {@code loop}: where a loop is, and the means to call a recursive loop again. */
final class LoopContext implements Callable {
    /** Renders a recursive loop over other elements, one level deeper. */
    interface Recursion {
        String render(Object iterable, int depth);
    }

    private final Iteration iteration;
    private final @Nullable Recursion recursion;
    private final int depth;
    private @Nullable Object sized;
    private Iterator<Object> elements;
    private long length = -1;
    private long index = -1;
    private @Nullable Object before;
    private @Nullable Object current;
    private @Nullable Object after;
    private @Nullable List<Object> changing;

    /**
     * @param sized what the elements come from, or null if its length does not tell their number
     */
    LoopContext(
            Iteration iteration,
            @Nullable Object sized,
            Iterator<Object> elements,
            @Nullable Recursion recursion,
            int depth) {
        this.iteration = iteration;
        this.sized = sized;
        this.elements = elements;
        this.recursion = recursion;
        this.depth = depth;
    }

    boolean hasNext() {
        return peek() != null;
    }

    /** Goes to the next element. */
    Object next() {
        Object element = peek();
        if (element == null) {
            throw new IllegalStateException("a loop went past its end");
        }
        after = null;
        index++;
        before = current;
        current = element;
        return element;
    }

    private @Nullable Object peek() {
        if (after == null && elements.hasNext()) {
            after = elements.next();
        }
        return after;
    }

    /** The number of elements; where it is not known, the rest are fetched. */
    long length() {
        if (length >= 0) {
            return length;
        }
        if (sized != null) {
            length = iteration.length(sized);
        } else {
            List<Object> rest = iteration.list(LazyIterator.generator(elements));
            elements = rest.iterator();
            length = rest.size() + index + 1 + (after == null ? 0 : 1);
        }
        return length;
    }

    /** An attribute, or null if there is none of that name. */
    @Nullable Object attribute(String name, Runtime runtime) {
        return switch (name) {
            case "index" -> index + 1;
            case "index0" -> index;
            case "revindex" -> length() - index;
            case "revindex0" -> length() - index - 1;
            case "first" -> index == 0;
            case "last" -> peek() == null;
            case "length" -> length();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" ->
                    before == null ? Undefined.because("there is no previous item") : before;
            case "nextitem" -> {
                Object next = peek();
                yield next == null ? Undefined.because("there is no next item") : next;
            }
            case "cycle" -> Function.method("cycle", (ignored, arguments) -> cycle(arguments));
            case "changed" ->
                    Function.method("changed", (ignored, arguments) -> changed(arguments, runtime));
            default -> null;
        };
    }

    private Object cycle(Arguments arguments) {
        List<Object> items = arguments.positional("cycle", 0, Integer.MAX_VALUE);
        if (items.isEmpty()) {
            throw TemplateException.type("no items for cycling given");
        }
        return items.get((int) (index % items.size()));
    }

    private Object changed(Arguments arguments, Runtime runtime) {
        List<Object> values = arguments.positional("changed", 0, Integer.MAX_VALUE);
        if (changing != null && runtime.comparison().equal(changing, values)) {
            return false;
        }
        changing = new ArrayList<>(values);
        return true;
    }

    @Override
    public Object call(Runtime runtime, Arguments arguments) {
        Object iterable = arguments.bind("loop", "iterable").required(0);
        if (recursion == null) {
            throw TemplateException.type(
                    "The loop must have the 'recursive' marker to be called recursively.");
        }
        return recursion.render(iterable, depth + 1);
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }

    String described() {
        return "<LoopContext " + (index + 1) + "/" + length() + ">";
    }
}
