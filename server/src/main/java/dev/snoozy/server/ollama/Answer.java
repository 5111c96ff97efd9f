package dev.snoozy.server.ollama;

import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.engine.TextStream;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.text.chat.AnswerPart;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** An answer in progress, by way of a chat template or without. Closing it cancels what is left. */
interface Answer extends AutoCloseable {
    /**
     * How an answer ended.
     *
     * @param warnings what was not as one might think
     * @param documents from which passages the answer is, if it is from documents
     */
    record Ending(
            Generation generation,
            FinishReason reason,
            List<String> warnings,
            Optional<ObjectNode> documents) {
        public Ending {
            warnings = List.copyOf(warnings);
        }
    }

    /** Hands over the pieces as they come, then says how it ended. */
    Ending read(Consumer<ChatPiece> onPiece);

    @Override
    void close();

    /** An answer in a chat. */
    static Answer of(ChatStream stream, Optional<Prepared> documents) {
        return new Answer() {
            @Override
            public Ending read(Consumer<ChatPiece> onPiece) {
                stream.forEach(onPiece);
                ChatReply reply = Generations.noted(stream.result());
                return new Ending(
                        reply.generation(),
                        reply.finishReason(),
                        reply.warnings(),
                        documents.map(found -> DocumentFields.json(found, reply.text())));
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    /** The continuation of a text. */
    static Answer of(TextStream stream) {
        return new Answer() {
            @Override
            public Ending read(Consumer<ChatPiece> onPiece) {
                for (TextPiece piece : stream.pieces()) {
                    List<AnswerPart> parts = new ArrayList<>();
                    if (!piece.text().isEmpty()) {
                        parts.add(new AnswerPart.Content(piece.text()));
                    }
                    onPiece.accept(new ChatPiece(parts, piece.choices()));
                }
                Generation generation = Generations.noted(stream.result());
                return new Ending(
                        generation, generation.finishReason(), List.of(), Optional.empty());
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }
}
