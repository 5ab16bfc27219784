// The contract of a running server, known from its address alone: what its reflection tells, as stubs of @grpc/grpc-js.
import grpc from '@grpc/grpc-js';
import { GrpcReflection } from 'grpc-js-reflection-client';

const insecure = grpc.credentials.createInsecure();
const asInTheContract = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

export class Contract {
  constructor(address) {
    this.address = address;
    this.reflection = new GrpcReflection(address, insecure, {}, 'v1alpha');
  }

  // The full names of the services that the server lists.
  services() {
    return this.reflection.listServices();
  }

  // A stub of a service, by its full name.
  async stub(service) {
    const descriptor = await this.reflection.getDescriptorBySymbol(service);
    const packages = descriptor.getPackageObject(asInTheContract);
    const Stub = service.split('.').reduce((within, part) => within[part], packages);
    return new Stub(this.address, insecure);
  }

  // A message of the contract, by its full name, decoded.
  async decode(name, bytes) {
    const descriptor = await this.reflection.getDescriptorBySymbol(name);
    const type = descriptor.getProtobufJsRoot().lookupType(name);
    return type.toObject(type.decode(bytes), { longs: String, enums: String, arrays: true });
  }

  // The details of a refusal, by their type: what google.rpc.Status in the trailers says.
  async detailsOf(refusal) {
    const [bytes] = refusal.metadata.get('grpc-status-details-bin');
    const status = await this.decode('google.rpc.Status', bytes);
    const details = {};
    for (const { type_url: url, value } of status.details) {
      const type = url.slice(url.lastIndexOf('/') + 1);
      details[type] = await this.decode(type, value);
    }
    return { status, details };
  }
}

// Metadata of an officer of an organisation.
export function caller(organisation, actor = 'sw-17', role = 'social_worker') {
  const metadata = new grpc.Metadata();
  metadata.set('ipb-organisation', organisation);
  metadata.set('ipb-actor', actor);
  metadata.set('ipb-role', role);
  return metadata;
}

// Calls a unary method; throws the refusal.
export function call(stub, method, request, as) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 20_000;
    stub[method](request, as, { deadline }, (refusal, reply) => (refusal ? reject(refusal) : resolve(reply)));
  });
}
