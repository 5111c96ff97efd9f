package dev.snoozy.studio.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ChatsTest {
    @TempDir Path folder;
    private Database database;
    private Chats chats;
    private Messages messages;
    private Writings writings;
    private Chat chat;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("snoozy.db"));
        chats = new Chats(database);
        messages = new Messages(database);
        writings = new Writings(database);
        chat = Chat.begin("", "tiny", "", Json.object());
        chats.add(chat);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Message say(@Nullable Message parent, String content) {
        Message message =
                Message.said(
                        chat.id(),
                        parent == null ? null : parent.id(),
                        "user",
                        content,
                        Json.array());
        assertThat(messages.add(message)).isTrue();
        return message;
    }

    private static Writings.Piece piece(String content, int id) {
        return new Writings.Piece(content, "", Json.array().add(id), null);
    }

    @Test
    void branchesStayBesideEachOther() {
        Message first = say(null, "one");
        Message left = say(first, "left");
        Message right = say(first, "right");
        Message end = say(right, "end");
        assertThat(messages.path(chat.id(), end.id()))
                .extracting(Message::content)
                .containsExactly("one", "right", "end");
        assertThat(messages.path(chat.id(), left.id()))
                .extracting(Message::content)
                .containsExactly("one", "left");
        assertThat(chats.find(chat.id()).orElseThrow().leaf()).isEqualTo(end.id());
    }

    @Test
    void theFirstMessageGivesTheTitle() {
        say(null, "How   do\ncats find their way home at night when nobody shows them the way?");
        say(null, "another");
        assertThat(chats.find(chat.id()).orElseThrow().title())
                .isEqualTo("How do cats find their way home at night when nobody shows…");
    }

    @Test
    void removingAMessageRemovesWhatFollowsFromItOnly() {
        Message first = say(null, "one");
        Message left = say(first, "left");
        say(left, "deeper");
        Message right = say(first, "right");
        say(left, "last");
        assertThat(messages.remove(chat.id(), left.id())).isTrue();
        assertThat(messages.of(chat.id()))
                .extracting(Message::content)
                .containsExactly("one", "right");
        assertThat(chats.find(chat.id()).orElseThrow().leaf()).isEqualTo(first.id());
        assertThat(messages.remove(chat.id(), left.id())).isFalse();
        assertThat(messages.path(chat.id(), right.id())).hasSize(2);
    }

    @Test
    void aChatOfThousandsOfMessagesIsRemoved() {
        List<Message> list = new ArrayList<>();
        Chat longChat = Chat.begin("long", "", "", Json.object());
        @Nullable String parent = null;
        for (int i = 0; i < 3000; i++) {
            Message message =
                    Message.said(longChat.id(), parent, "user", "message " + i, Json.array());
            list.add(message);
            parent = message.id();
        }
        chats.add(longChat, list);
        assertThat(messages.path(longChat.id(), list.getLast().id())).hasSize(3000);
        assertThat(messages.remove(longChat.id(), list.get(10).id())).isTrue();
        assertThat(messages.of(longChat.id())).hasSize(10);
        assertThat(chats.remove(longChat.id())).isTrue();
        assertThat(messages.of(longChat.id())).isEmpty();
        assertThat(new Search(database).find("message", 9)).isEmpty();
    }

    @Test
    void aMessageOfAnotherChatIsNoParent() {
        Chat other = Chat.begin("", "", "", Json.object());
        chats.add(other);
        Message foreign = say(null, "here");
        assertThat(
                        messages.add(
                                Message.said(
                                        other.id(), foreign.id(), "user", "there", Json.array())))
                .isFalse();
        assertThat(messages.find(other.id(), foreign.id())).isEmpty();
        assertThat(messages.edit(other.id(), foreign.id(), "changed")).isFalse();
        assertThat(messages.remove(other.id(), foreign.id())).isFalse();
    }

    @Test
    void anAnswerIsReadWhileItIsWritten() {
        Message question = say(null, "why?");
        Message answer =
                Message.begin(
                        chat.id(),
                        question.id(),
                        Message.Answer.begin("tiny", 7, Json.object()),
                        false);
        messages.add(answer);
        writings.append(answer.id(), 0, piece("Be", 1));
        writings.append(answer.id(), 1, piece("cause", 2));
        Message found = messages.find(chat.id(), answer.id()).orElseThrow();
        assertThat(found.content()).isEqualTo("Because");
        assertThat(found.state()).isEqualTo(Message.WRITING);
        assertThat(found.ids().toString()).isEqualTo("[1,2]");
        assertThat(chats.list(new Chats.Filter("", null, "", 9)).getFirst().writing()).isTrue();
    }

    @Test
    void whatAnEarlierProcessLeftIsInterruptedAndFound() {
        Message question = say(null, "why?");
        Message answer =
                Message.begin(
                        chat.id(),
                        question.id(),
                        Message.Answer.begin("tiny", 7, Json.object()),
                        false);
        messages.add(answer);
        writings.append(answer.id(), 0, piece("Because of ", 1));
        writings.append(answer.id(), 1, piece("the weather", 2));
        assertThat(writings.interruptAll()).isEqualTo(1);
        Message found = messages.find(chat.id(), answer.id()).orElseThrow();
        assertThat(found.content()).isEqualTo("Because of the weather");
        assertThat(found.state()).isEqualTo(Message.DONE);
        assertThat(found.answer().finish()).isEqualTo("interrupted");
        assertThat(found.answer().seed()).isEqualTo(7);
        assertThat(new Search(database).find("weather", 9)).hasSize(1);
        assertThat(writings.interruptAll()).isZero();
    }

    @Test
    void aCopyIsIndependent() {
        Message first = say(null, "one");
        say(first, "left");
        Message right = say(first, "right");
        Chat branch = chats.copy(chat.id(), right.id()).orElseThrow();
        assertThat(messages.of(branch.id()))
                .extracting(Message::content)
                .containsExactly("one", "right");
        Chat whole = chats.copy(chat.id(), "").orElseThrow();
        assertThat(messages.of(whole.id())).hasSize(3);
        assertThat(messages.path(whole.id(), String.valueOf(whole.leaf())))
                .extracting(Message::content)
                .containsExactly("one", "right");
        chats.remove(chat.id());
        assertThat(messages.of(branch.id())).hasSize(2);
        assertThat(chats.copy("nothing", "")).isEmpty();
        assertThat(chats.copy(whole.id(), right.id())).isEmpty();
    }

    @Test
    void theListGoesOnWhereItStopped() {
        for (int i = 0; i < 7; i++) {
            chats.add(Chat.begin("c" + i, "", "", Json.object()));
        }
        List<String> seen = new ArrayList<>();
        String place = "";
        for (int page = 0; page < 4; page++) {
            List<Chats.Line> lines = chats.list(new Chats.Filter("", null, place, 3));
            lines.forEach(line -> seen.add(line.chat().id()));
            place = lines.isEmpty() ? place : Chats.place(lines.getLast().chat());
        }
        assertThat(seen).hasSize(8).doesNotHaveDuplicates();
    }

    @Test
    void aFolderThatGoesLeavesItsChats() {
        Folders folders = new Folders(database);
        Folders.Folder work = folders.add("work");
        chats.change(chat.in(work.id(), true));
        assertThat(chats.list(new Chats.Filter(work.id(), true, "", 9))).hasSize(1);
        assertThat(folders.remove(work.id())).isTrue();
        assertThat(chats.find(chat.id()).orElseThrow().folder()).isNull();
    }
}
