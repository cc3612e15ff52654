package io.semel.server.network.cluster;

import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.wire.message.DescribeClusterRequestData;
import io.semel.wire.message.DescribeClusterResponseData;
import io.semel.wire.message.DescribeClusterResponseData.DescribeClusterBroker;

/** The nodes that this process answers as. */
public final class DescribeClusterHandler implements Handler<DescribeClusterRequestData> {
    private final Served served;

    public DescribeClusterHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DescribeClusterRequestData request, Exchange exchange) {
        DescribeClusterResponseData response = new DescribeClusterResponseData().setClusterId(served.broker()
                .clusterId()).setControllerId(served.nodes().controller().id()).setEndpointType(request
                        .endpointType());
        served.nodes().all().forEach(node -> response.brokers().add(new DescribeClusterBroker().setBrokerId(node.id())
                .setHost(node.host()).setPort(node.port())));
        exchange.answer(response);
    }
}
