package dev.snoozy.text.chat;

import dev.snoozy.text.chat.Opening.Element;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a call whose arguments stand between tags, while its text comes. */
final class ElementReader {
    private enum Place {
        NAME,
        BODY,
        KEY,
        BEFORE_VALUE,
        VALUE
    }

    private final Window window;
    private final Tools tools;
    private Element element = new Element("", List.of(), List.of(), "", "", "", "", "");
    private Place place = Place.NAME;
    private int at;
    private int searched;

    /** Behind the end mark of a value, up to where nothing but white space is known to stand. */
    private int behindEnd;

    private String name = "";
    private String key = "";
    private final Map<String, String> arguments = new LinkedHashMap<>();

    ElementReader(Window window, Tools tools) {
        this.window = window;
        this.tools = tools;
    }

    void begin(Element kind, int position) {
        element = kind;
        place = Place.NAME;
        at = position;
        searched = position;
        behindEnd = 0;
        arguments.clear();
    }

    int position() {
        return at;
    }

    String name() {
        return name;
    }

    /** The arguments as the text of a JSON object. */
    String arguments() {
        return PythonValues.object(arguments);
    }

    Progress read() {
        Progress progress;
        do {
            progress =
                    switch (place) {
                        case NAME -> toolName();
                        case BODY -> body();
                        case KEY -> key();
                        case BEFORE_VALUE -> beforeValue();
                        case VALUE -> value();
                    };
        } while (progress == Progress.GO_ON);
        return progress;
    }

    private Progress waitOrBroken() {
        return window.closed() ? Progress.BROKEN : Progress.WAIT;
    }

    private Progress go(Place next) {
        place = next;
        searched = at;
        behindEnd = 0;
        return Progress.GO_ON;
    }

    private Progress toolName() {
        List<String> ends = new ArrayList<>(element.nameEnds());
        ends.addAll(element.nameStops());
        int found = find(ends);
        if (found < 0) {
            return noEnd();
        }
        name = window.text(at, found).strip();
        at = found;
        for (String end : element.nameEnds()) {
            if (window.startsWith(found, end) == Window.Is.YES) {
                at = found + end.length();
                break;
            }
        }
        return tools.accepts(name) ? go(Place.BODY) : Progress.BROKEN;
    }

    private int find(List<String> ends) {
        int limit = at + HeaderReader.LONGEST;
        int found = HeaderReader.find(window, Math.max(at, searched), limit, ends);
        if (found < 0) {
            searched = -found - 1;
        }
        return found;
    }

    private Progress noEnd() {
        return searched >= at + HeaderReader.LONGEST ? Progress.BROKEN : waitOrBroken();
    }

    /** Between arguments. */
    private Progress body() {
        at = window.skipSpace(at);
        if (at >= window.visible()) {
            return waitOrBroken();
        }
        if (arguments.isEmpty() && (window.at(at) == '{' || window.at(at) == '"')) {
            return Progress.NAMED;
        }
        Window.Is close = window.startsWith(at, element.close());
        Window.Is open = window.startsWith(at, element.keyOpen());
        if (close == Window.Is.YES) {
            at += element.close().length();
            return Progress.CALL;
        }
        if (open == Window.Is.YES) {
            at += element.keyOpen().length();
            return go(Place.KEY);
        }
        boolean undecided = close == Window.Is.UNKNOWN || open == Window.Is.UNKNOWN;
        return undecided ? Progress.WAIT : Progress.BROKEN;
    }

    private Progress key() {
        int found = find(List.of(element.keyEnd()));
        if (found < 0) {
            return noEnd();
        }
        key = window.text(at, found);
        at = found + element.keyEnd().length();
        return go(element.valueOpen().isEmpty() ? Place.VALUE : Place.BEFORE_VALUE);
    }

    private Progress beforeValue() {
        at = window.skipSpace(at);
        return switch (window.startsWith(at, element.valueOpen())) {
            case YES -> {
                at += element.valueOpen().length();
                yield go(Place.VALUE);
            }
            case NO -> Progress.BROKEN;
            case UNKNOWN -> Progress.WAIT;
        };
    }

    /**
     * A value ends at its end mark, if the next argument or the end of the call follows. So a value
     * may hold the end mark.
     */
    private Progress value() {
        String end = element.valueEnd();
        while (true) {
            if (behindEnd == 0) {
                int found = HeaderReader.find(window, searched, Integer.MAX_VALUE, List.of(end));
                if (found < 0) {
                    searched = -found - 1;
                    return window.closed() ? brokenAtEnd() : Progress.WAIT;
                }
                searched = found;
                behindEnd = found + end.length();
            }
            behindEnd = window.skipSpace(behindEnd);
            Window.Is close = window.startsWith(behindEnd, element.close());
            Window.Is open = window.startsWith(behindEnd, element.keyOpen());
            if (close == Window.Is.YES || open == Window.Is.YES) {
                return argument();
            }
            if (close == Window.Is.UNKNOWN || open == Window.Is.UNKNOWN) {
                return Progress.WAIT;
            }
            searched++;
            behindEnd = 0;
        }
    }

    private Progress brokenAtEnd() {
        at = window.visible();
        return Progress.BROKEN;
    }

    private Progress argument() {
        String text = window.text(at, searched);
        String parameter = key.strip();
        String json;
        int quote = parameter.indexOf('"'); // name" string="true
        String attributes = quote < 0 ? "" : parameter.substring(quote);
        parameter = quote < 0 ? parameter : parameter.substring(0, quote);
        if (element.keyOpen().endsWith("=") && text.length() > 1) {
            text = withoutLineEnds(text);
        }
        if (attributes.contains("string=\"true\"")) {
            json = JsonText.quote(text);
        } else {
            json = tools.types(name).json(parameter, text);
        }
        arguments.put(parameter, json);
        at = behindEnd;
        return go(Place.BODY);
    }

    /** A value on lines of its own, without the line ends around it. */
    private static String withoutLineEnds(String text) {
        boolean both = text.startsWith("\n") && text.endsWith("\n");
        return both ? text.substring(1, text.length() - 1) : text;
    }
}
