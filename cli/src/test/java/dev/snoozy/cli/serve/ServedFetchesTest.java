package dev.snoozy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.hub.Hub;
import dev.snoozy.hub.HubOptions;
import dev.snoozy.hub.ModelStore;
import dev.snoozy.hub.PullListener;
import dev.snoozy.hub.StoredModel;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class ServedFetchesTest {
    @TempDir private Path folder;

    @Test
    void aModelThatAClientAsksForComesIntoTheStore() throws Exception {
        byte[] model = TinyModel.llama().bytes();
        try (HubStub stub = HubStub.start().withModel("library/tiny", "latest", model)) {
            ModelStore store = ModelStore.open(folder);
            fetches(stub, store).fetch("ollama://tiny").run(PullListener.NONE);
            assertThat(store.list()).extracting(StoredModel::name).containsExactly("tiny");
        }
    }

    @Test
    void clientsAreToldOfTheNetworkAndNotOfTheDisk() throws Exception {
        byte[] model = TinyModel.llama().bytes();
        try (HubStub stub = HubStub.start().withModel("library/tiny", "latest", model)) {
            ServedFetches fetches = fetches(stub, ModelStore.open(folder));
            assertThatThrownBy(() -> fetches.fetch("ollama://none").run(PullListener.NONE))
                    .isInstanceOf(HttpProblem.class)
                    .hasMessageContaining("no such model or tag");
            Files.writeString(folder.resolve(".partial"), "a file where a folder should be");
            assertThatThrownBy(() -> fetches.fetch("ollama://tiny").run(PullListener.NONE))
                    .isInstanceOf(HttpProblem.class)
                    .hasMessageContaining("the server's log")
                    .hasMessageNotContaining(folder.toString());
        }
    }

    private static ServedFetches fetches(HubStub stub, ModelStore store) {
        return new ServedFetches(store, Hub.open(HubOptions.defaults().withOllama(stub.url())));
    }
}
