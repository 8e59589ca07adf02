using MedTransfer.Runtime;
using TorchSharp;
Console.WriteLine(NativeTorch.Load());
Console.WriteLine(torch.ones(3).sum().item<float>());
