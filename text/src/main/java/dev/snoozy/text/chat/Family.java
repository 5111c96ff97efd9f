package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A way to write calls.
 *
 * @param name of the family
 * @param openings marks at which calls begin
 * @param closers marks behind calls, which say nothing
 * @param dropped marks in the content, which say nothing
 * @param channels how messages are headed, if an answer is several messages
 * @param syntax how a call is written, for grammars
 */
record Family(
        String name,
        List<Opening> openings,
        Set<String> closers,
        Set<String> dropped,
        @Nullable Channels channels,
        @Nullable ToolCallSyntax syntax) {

    /**
     * How messages are headed: {@code start role to=recipient channel name message text end}.
     *
     * @param start begins a header
     * @param channel begins the name of a channel; empty where the format has none
     * @param message ends a header
     * @param ends what ends a message
     */
    record Channels(String start, String channel, String message, Set<String> ends) {}

    /** This family, which takes another opening and closing mark as well. */
    Family with(Opening more, String closer) {
        List<Opening> all = new ArrayList<>(openings);
        if (openings.stream().noneMatch(known -> known.mark().equals(more.mark()))) {
            all.add(more);
        }
        Set<String> closing = new HashSet<>(closers);
        closing.add(closer);
        return new Family(name, List.copyOf(all), Set.copyOf(closing), dropped, channels, syntax);
    }

    /** This family, with marks in the content that say nothing. */
    Family dropping(String... marks) {
        Set<String> all = new HashSet<>(dropped);
        all.addAll(List.of(marks));
        return new Family(name, openings, closers, Set.copyOf(all), channels, syntax);
    }
}
