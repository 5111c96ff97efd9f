package dev.snoozy.text.chat;

import dev.snoozy.text.chat.Opening.Braces;
import dev.snoozy.text.chat.Opening.Code;
import dev.snoozy.text.chat.Opening.Element;
import dev.snoozy.text.chat.Opening.Header;
import dev.snoozy.text.chat.Opening.Named;
import dev.snoozy.text.chat.Opening.Section;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Reads calls from an opening mark on, while their text comes. Each place in a call is a step; a
 * step that has not enough text is asked again when more has come, and goes on where it stopped, so
 * that every character is looked at a bounded number of times. What belongs to a complete call is
 * dropped from the window. Used by one thread at a time.
 */
final class CallReader {
    /** What came of reading. */
    enum Outcome {
        /** More text is needed. */
        WAIT,
        /** Calls were completed. */
        CALLS,
        /** What follows belongs to no call. */
        END,
        /** The first {@link #position} characters look like a call and are none. */
        BROKEN
    }

    /** A place in a call; gives the next one. */
    private interface Step {
        Step next();
    }

    private static final Step WAIT = stop();
    private static final Step END = stop();
    private static final Step BROKEN = stop();

    /** A step that is only compared. */
    private static Step stop() {
        return new Step() {
            @Override
            public Step next() {
                return this;
            }
        };
    }

    private final Window window;
    private final Tools tools;
    private final CallMarks marks;
    private final Deque<RawCall> calls = new ArrayDeque<>();

    private Step step = END;

    /** Where it reads, from the beginning of the window. */
    private int at;

    private boolean bare;
    private boolean inArray;
    private boolean inList;
    private boolean inPython;
    private boolean inSection;
    private boolean fenced;
    private Section section = new Section("", null);

    /** What stands around strings in arguments that are no JSON; empty if they are JSON. */
    private String quote = "";

    private Extent extent = Extent.json(0);
    private int valueStart;
    private @Nullable String id;
    private String name = "";
    private final FirstWord firstWord;
    private final HeaderReader header;
    private final ElementReader element;

    CallReader(Window window, Family family, Tools tools) {
        this.window = window;
        this.tools = tools;
        marks = new CallMarks(family);
        firstWord = new FirstWord(window, tools);
        header = new HeaderReader(window, tools);
        element = new ElementReader(window, tools);
    }

    /** Begins at an opening mark, which stands at the beginning of the window. */
    void begin(String mark) {
        Opening opening = marks.opening(mark);
        clear();
        if (opening != null) {
            at = mark.length();
            step = opened(opening);
        }
    }

    /** Begins at JSON without a mark, or a fence around it, at the beginning of the window. */
    void beginBare() {
        clear();
        bare = true;
        section = new Section("", null);
        step = this::sniff;
    }

    /** Begins at the arguments of a tool that a header named. */
    void beginArguments(String tool) {
        clear();
        name = tool;
        step = this::arguments;
    }

    private void clear() {
        at = 0;
        bare = false;
        inArray = false;
        inPython = false;
        inSection = false;
        fenced = false;
        id = null;
    }

    /** How many characters of the window were read and belong to no complete call. */
    int position() {
        return at;
    }

    /** The calls that were completed; the caller takes them out. */
    Deque<RawCall> calls() {
        return calls;
    }

    /** Reads as far as it can. */
    Outcome read() {
        while (true) {
            Step next = step.next();
            if (next == WAIT) {
                return calls.isEmpty() ? Outcome.WAIT : Outcome.CALLS;
            }
            if (!calls.isEmpty()) {
                step = next;
                return Outcome.CALLS;
            }
            if (next == END || next == BROKEN && at == 0) {
                return Outcome.END;
            }
            if (next == BROKEN) {
                return Outcome.BROKEN;
            }
            step = next;
        }
    }

    /** What to do at the end of the text that has come. */
    private Step waitOr(Step otherwise) {
        return window.closed() ? otherwise : WAIT;
    }

    private Step brokenBehind(int position) {
        at = position;
        return BROKEN;
    }

    /** The text has come up to here and is no call if nothing follows. */
    private Step waitOrBroken(int position) {
        return window.closed() ? brokenBehind(position) : WAIT;
    }

    /** Goes on when the value is complete whose extent is sought. */
    private Step whenComplete(Function<String, Step> read) {
        int end = extent.end(window);
        if (end == Extent.OPEN) {
            return waitOrBroken(extent.at());
        }
        if (end == Extent.BROKEN) {
            return brokenBehind(extent.at());
        }
        at = end;
        return read.apply(window.text(valueStart, end));
    }

    private Step accept(List<RawCall> found, Step next) {
        if (found.isEmpty()) {
            return BROKEN;
        }
        found.forEach(calls::add);
        taken();
        return next;
    }

    private Step opened(Opening opening) {
        id = null;
        switch (opening) {
            case Section found -> {
                section = found;
                inSection = !found.mark().isEmpty();
                return this::sniff;
            }
            case Named found -> {
                header.begin(found, at);
                quote = "";
                return this::header;
            }
            case Braces found -> {
                header.begin(new Named("", "", List.of("{"), Header.GEMMA), at);
                quote = found.quote();
                return this::header;
            }
            case Element found -> {
                element.begin(found, at);
                return this::element;
            }
            case Code found -> {
                valueStart = at;
                return this::code;
            }
        }
    }

    /** Behind the mark of a section: what is in it? */
    private Step sniff() {
        at = window.skipSpace(at);
        if (at >= window.visible()) {
            return waitOr(BROKEN);
        }
        MarkSet.Found found = marks.before(window, at);
        if (found.undecided()) {
            return WAIT;
        }
        String mark = found.mark();
        if (mark != null) {
            at += mark.length();
            Opening opening = marks.opening(mark);
            if (opening != null) {
                return bare ? BROKEN : opened(opening);
            }
            fenced = true;
            return this::sniff;
        }
        char c = window.at(at);
        if (c == '{') {
            return objectStart();
        }
        if (c == '[') {
            at++;
            return this::listStart;
        }
        if (section.otherwise() != null) {
            return opened(section.otherwise());
        }
        return bare ? BROKEN : functionStart(0);
    }

    private Step objectStart() {
        valueStart = at;
        extent = Extent.json(at);
        firstWord.begin(at + 1);
        return bare ? this::firstMember : this::object;
    }

    /** At the name of a Python function, in so many brackets. */
    private Step functionStart(int brackets) {
        inList = brackets > 0;
        valueStart = at;
        extent = Extent.python(at, brackets);
        firstWord.begin(at);
        return this::functionName;
    }

    /** In an object without a mark: does it begin like a call? */
    private Step firstMember() {
        return behindFirstWord(firstWord.member(), this::object);
    }

    private Step behindFirstWord(Progress progress, Step next) {
        if (progress == Progress.WAIT) {
            return WAIT;
        }
        return progress == Progress.NAMED ? next : brokenBehind(firstWord.position());
    }

    private Step object() {
        return whenComplete(text -> {
            List<RawCall> found = JsonCalls.of(text, tools);
            if (found.isEmpty() && section.otherwise() instanceof Code) {
                found = CodeCalls.of(text, tools);
            }
            return accept(found, inArray ? this::nextElement : this::behind);
        });
    }

    /** The text up to here belongs to a complete call. */
    private void taken() {
        window.drop(at);
        at = 0;
    }

    private Step listStart() {
        at = window.skipSpace(at);
        if (at >= window.visible()) {
            return waitOr(BROKEN);
        }
        if (window.at(at) != '{') {
            return functionStart(1);
        }
        inArray = true;
        return objectStart();
    }

    /** In a list without a mark: does it begin like a call? */
    private Step functionName() {
        return behindFirstWord(firstWord.function(), this::python);
    }

    /** A list of Python calls, or one that stands alone. */
    private Step python() {
        return whenComplete(text -> {
            String inner = inList ? text.substring(0, text.length() - 1) : text;
            inPython = !inList;
            return accept(PythonValues.calls(inner, tools), this::behind);
        });
    }

    private Step nextElement() {
        at = window.skipSpace(at);
        if (at >= window.visible()) {
            return waitOr(END);
        }
        char c = window.at(at);
        if (c == ']') {
            at++;
            taken();
            inArray = false;
            return this::behind;
        }
        if (c == ',') {
            at++;
            return this::elementStart;
        }
        return END;
    }

    private Step elementStart() {
        at = window.skipSpace(at);
        if (at >= window.visible()) {
            return waitOr(BROKEN);
        }
        if (window.at(at) == ']') {
            return this::nextElement;
        }
        if (window.at(at) != '{') {
            return BROKEN;
        }
        valueStart = at;
        extent = Extent.json(at);
        return this::object;
    }

    private Step header() {
        Progress progress = header.read();
        at = header.position();
        if (progress != Progress.NAMED) {
            return progress == Progress.WAIT ? WAIT : BROKEN;
        }
        name = header.name();
        id = header.id();
        if (quote.isEmpty()) {
            return this::arguments;
        }
        valueStart = at;
        extent = Extent.quoted(at, quote);
        return this::bareObject;
    }

    /** Behind the name: JSON, perhaps behind a fence, or nothing. */
    private Step arguments() {
        at = window.skipSpace(at);
        if (at >= window.visible()) {
            return waitOr(BROKEN);
        }
        char c = window.at(at);
        if (c == '{' || c == '"') {
            valueStart = at;
            extent = Extent.json(at);
            return this::jsonArguments;
        }
        MarkSet.Found lead = marks.before(window, at);
        MarkSet.Found closer = marks.behind(window, at);
        if (lead.undecided() || closer.undecided()) {
            return WAIT;
        }
        if (lead.mark() != null && marks.isLead(lead.mark()) && !fenced) {
            at += lead.mark().length();
            fenced = true;
            return this::arguments;
        }
        if (marks.isCloser(closer.mark())) {
            return called("{}");
        }
        return BROKEN;
    }

    private Step jsonArguments() {
        return whenComplete(text -> called(JsonText.arguments(text)));
    }

    private Step bareObject() {
        return whenComplete(text -> called(BareValues.arguments(text, quote)));
    }

    private Step called(@Nullable String arguments) {
        if (arguments == null) {
            return BROKEN;
        }
        calls.add(new RawCall(id, name, arguments));
        taken();
        return this::behind;
    }

    private Step element() {
        Progress progress = element.read();
        at = element.position();
        return switch (progress) {
            case WAIT -> WAIT;
            case NAMED -> {
                name = element.name();
                yield this::arguments;
            }
            case CALL -> {
                name = element.name();
                yield called(element.arguments());
            }
            case BROKEN, GO_ON -> BROKEN;
        };
    }

    /** A tool of the model's own: everything up to the end. */
    private Step code() {
        at = window.visible();
        if (!window.closed()) {
            return WAIT;
        }
        if (!window.ended()) {
            return BROKEN;
        }
        return accept(CodeCalls.of(window.text(valueStart, at), tools), END);
    }

    /** Behind a call: marks that say nothing, the next call, or something else. */
    private Step behind() {
        at = window.skipSpace(at);
        if (at >= window.visible()) {
            return waitOr(END);
        }
        MarkSet.Found found = marks.behind(window, at);
        if (found.undecided()) {
            return WAIT;
        }
        String mark = found.mark();
        if (mark == null) {
            return bare || inSection ? another() : END;
        }
        Opening opening = marks.opening(mark);
        if (opening != null) {
            at += mark.length();
            return opened(opening);
        }
        if (marks.isFence(mark) && !fenced) {
            return END;
        }
        fenced &= !marks.isFence(mark);
        inSection = false;
        at += mark.length();
        taken();
        return this::behind;
    }

    /** Behind a call, no mark: another one, perhaps behind a separator. */
    private Step another() {
        char c = window.at(at);
        if (c == ';' || c == ',') {
            at++;
            return this::elementStart;
        }
        if (c == '{') {
            valueStart = at;
            extent = Extent.json(at);
            return this::object;
        }
        return inPython ? functionStart(0) : END;
    }
}
