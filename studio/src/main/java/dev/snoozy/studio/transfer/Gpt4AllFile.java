package dev.snoozy.studio.transfer;

import dev.snoozy.server.http.HttpProblem;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A {@code gpt4all-*.chat} file: a stream of Qt's, big endian, of the versions 8 to 12 that its
 * application wrote from 2024 on. Of older ones with the state of a model in them nothing is read.
 */
final class Gpt4AllFile {
    private static final int MAGIC = 0xF5D553CC;
    private static final int OLDEST = 8;
    private static final int NEWEST = 12;
    private static final int NULL = -1;
    private static final int MOST = 1_000_000;
    private static final int DEEPEST = 8;

    private final ByteBuffer in;
    private final Tree tree = new Tree();
    private final int version;

    private Gpt4AllFile(ByteBuffer in) {
        this.in = in;
        if (in.remaining() < 8 || in.getInt() != MAGIC) {
            throw HttpProblem.invalid("data", "expected a chat file of GPT4All, found another");
        }
        version = in.getInt();
        if (version < OLDEST || version > NEWEST) {
            throw HttpProblem.invalid(
                    "data", "expected version " + OLDEST + " to " + NEWEST + ", found " + version);
        }
    }

    /** The chat of a file. */
    static Imported read(byte[] bytes) {
        Gpt4AllFile file = new Gpt4AllFile(ByteBuffer.wrap(bytes));
        try {
            return file.chat();
        } catch (BufferUnderflowException e) {
            throw HttpProblem.invalid("data", "the chat file ends too early");
        }
    }

    private Imported chat() {
        long created = in.getLong();
        string(); // its id
        String name = string();
        string(); // what the user is called
        String model = string();
        for (int left = count(in.getInt()); left > 0; left--) {
            string(); // a collection of documents
        }
        if (version < 11) {
            skipModelState();
        }
        int items = count(in.getInt());
        String parent = null;
        for (int i = 0; i < items; i++) {
            String id = "m" + i;
            if (!item(id, parent)) {
                tree.lose("what follows a call of a tool");
                break;
            }
            parent = id;
        }
        return tree.chat(name, model, (double) created, (double) created, "");
    }

    private void skipModelState() {
        boolean state = in.get() != 0;
        in.getInt(); // the kind of model
        in.getInt(); // the version of its state
        string();
        string();
        in.getInt();
        if (state) {
            throw HttpProblem.invalid(
                    "data",
                    "this chat file holds the state of a model; cure: open it in a newer GPT4All,"
                            + " which saves it anew");
        }
    }

    /** One message; false if it cannot be read to its end. */
    private boolean item(String id, @Nullable String parent) {
        if (version < 12) {
            in.getInt();
        }
        String label = string();
        String value = string();
        if (version < 10) {
            string();
        }
        string(); // a better answer, as the user thought
        for (int i = 0; i < 4; i++) {
            in.get(); // current, stopped, thumbs
        }
        if (version >= 11 && label.equals("Response: ")) {
            in.get();
        }
        for (long left = count(in.getLong()); left > 0; left--) {
            for (int i = 0; i < 7; i++) {
                string(); // a place in a document
            }
            for (int i = 0; i < 3; i++) {
                in.getInt();
            }
        }
        if (version >= 10) {
            skipAttachments();
        }
        Parts parts = new Parts();
        boolean whole = true;
        if (version >= 12) {
            whole = parts(parts, 0);
        }
        Reasoning split =
                parts.text.isEmpty() && parts.thought.isEmpty()
                        ? Reasoning.of(value)
                        : new Reasoning(parts.thought.toString(), parts.text.toString());
        String role =
                switch (label) {
                    case "Prompt: " -> "user";
                    case "Response: " -> "assistant";
                    case "System: " -> "system";
                    default -> "";
                };
        tree.add(new Tree.Node(id, parent, role, split.content(), split.reasoning(), "", 0));
        return whole;
    }

    private static final class Parts {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thought = new StringBuilder();
    }

    private boolean parts(Parts parts, int depth) {
        if (depth > DEEPEST) {
            throw HttpProblem.invalid("data", "the chat file is not sound: parts within parts");
        }
        for (long left = count(in.getLong()); left > 0; left--) {
            String label = string();
            String value = string();
            switch (label) {
                case "Text: ", "Response: " -> parts.text.append(value);
                case "Think: " -> {
                    parts.thought.append(Reasoning.of(value).reasoning());
                    in.getInt(); // how long it took
                }
                case "ToolCall: " -> {
                    return false; // what it was called with has no fixed form
                }
                default -> {}
            }
            if (!parts(parts, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private void skipAttachments() {
        for (long left = count(in.getLong()); left > 0; left--) {
            bytes();
            bytes();
            tree.lose("files that were attached");
        }
    }

    private long count(long found) {
        if (found < 0 || found > Math.min(MOST, in.remaining())) {
            throw HttpProblem.invalid(
                    "data", "the chat file is not sound: found a count of " + found);
        }
        return found;
    }

    private int count(int found) {
        return (int) count((long) found);
    }

    private byte[] bytes() {
        int length = in.getInt();
        byte[] bytes = new byte[length == NULL ? 0 : count(length)];
        in.get(bytes);
        return bytes;
    }

    private String string() {
        return new String(bytes(), StandardCharsets.UTF_16BE);
    }
}
