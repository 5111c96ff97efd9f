package dev.snoozy.curate.map;

import dev.snoozy.curate.vectors.Neighbours;
import dev.snoozy.curate.vectors.Vectors;

import java.util.function.Consumer;

/**
 * Where each row lies on the map and what it is about. The same rows and vectors give the same map,
 * whatever the number of threads.
 *
 * @param places [rows, 2]
 * @param topics of each row, in three levels
 */
public record DataMap(Vectors places, Topics topics) {
    private static final int COMPONENTS = 50;
    private static final int NEIGHBOURS = 15;
    private static final int MANY = 50_000;
    private static final int EPOCHS = 200;
    private static final int EPOCHS_OF_MANY = 50;

    /**
     * Makes the map: 50 principal components, 15 neighbours, UMAP (200 epochs; 50 from 50,000 rows
     * on), topics.
     *
     * @param vectors of the rows: embeddings or {@link TextVectors}, [rows, width]
     * @param progress is told what begins
     * @throws IllegalArgumentException if there are not as many vectors as rows, or one is not
     *     finite
     * @throws InterruptedException if the thread is interrupted
     */
    public static DataMap of(MapRows rows, Vectors vectors, int threads, Consumer<String> progress)
            throws InterruptedException {
        if (vectors.rows() != rows.size()) {
            throw new IllegalArgumentException(
                    vectors.rows() + " vectors for " + rows.size() + " rows");
        }
        vectors.requireFinite();
        progress.accept("principal components");
        Vectors components = Pca.project(vectors, COMPONENTS, threads);
        progress.accept("neighbours");
        Neighbours neighbours = Neighbours.nearest(components, NEIGHBOURS, threads);
        progress.accept("places");
        int epochs = rows.size() < MANY ? EPOCHS : EPOCHS_OF_MANY;
        Vectors places = Umap.place(neighbours, components, epochs);
        progress.accept("topics");
        Topics topics =
                Topics.find(components, row -> rows.prompt(row) + "\n" + rows.response(row));
        return new DataMap(places, topics);
    }
}
