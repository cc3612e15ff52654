package io.semel.verify.disk;

import java.util.List;

import io.semel.log.Durability;

/**
 * What a run of the engine's simulation does.
 *
 * @param images crashes to come back from, not counting those inside recovery
 * @param seed   of everything
 * @param metadata the orders from which every life draws its own
 * @param durabilities the levels from which every life draws its own
 */
public record EnginePlan(long images, long seed, List<MetadataOrder> metadata, List<Durability> durabilities,
        int threads) {
    public static final long MAX_IMAGES = 1_000_000_000L;
    public static final int MAX_THREADS = 256;
    public static final int IMAGES_A_LIFE = EngineLife.IMAGES;

    public long lives() {
        return (images + EngineLife.IMAGES - 1) / EngineLife.IMAGES;
    }
}
